// Kinds as numbers, for both ends of one thread border: they run the same code, so a kind's place in its table is its number. Pure.
import { assert } from '../model/assert';
import type { Cells, Codec, Reader, Writer } from '../storage/format/cells';

interface Kinded {
  readonly kind: string;
}

interface NumberedCodec<T> {
  readonly number: number;
  readonly write: (value: T, writer: Writer) => Cells;
}

export interface CodecTable<T extends Kinded> {
  readonly ofKind: (kind: T['kind']) => NumberedCodec<T>;
  readonly read: (number: number, cells: Cells, reader: Reader) => T;
}

/** A codec for every kind of a union: a new kind does not compile until it has one. */
export type CodecsOf<T extends Kinded> = {
  readonly [K in T['kind']]: Codec<Extract<T, { readonly kind: K }>>;
};

export function codecTable<T extends Kinded>(codecs: CodecsOf<T>): CodecTable<T> {
  const byKind: Record<string, NumberedCodec<T>> = {};
  const readers: Codec<T>['read'][] = [];
  for (const [kind, { write, read }] of Object.entries(
    codecs as unknown as Readonly<Record<string, Codec<T>>>,
  )) {
    byKind[kind] = { number: readers.length, write };
    readers.push(read);
  }
  return {
    ofKind: (kind) => byKind[kind] as NumberedCodec<T>,
    read(number, cells, reader) {
      const read = readers[number];
      assert(read !== undefined, `no kind has the number ${number}`);
      return read(cells, reader);
    },
  };
}
