// What every store promises. One suite, run against each implementation of the port.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TroupeAssertionError } from '../../../src/model/assert';
import {
  CommitUnknownError,
  StoreClosedError,
  StoreFencedError,
  StorePoisonedError,
} from '../../../src/storage/errors';
import type { StoreError } from '../../../src/storage/errors';
import { compareKeys } from '../../../src/storage/memory/ordered-map';
import { KEY_BYTES_MAX, TABLES } from '../../../src/storage/store';
import type { RangeOptions, Row, Store, Table, WriteOp } from '../../../src/storage/store';

export interface StoreUnderTest {
  readonly store: Store;
  /** The store of the same disk, opened again after the last opening was closed. */
  readonly reopen: () => Promise<Store>;
  /** Another owner opens the disk while this one has it. */
  readonly takeOver: () => Promise<void>;
  /** The keys of table H that an owner elsewhere finds. */
  readonly keysElsewhere: () => Promise<readonly string[]>;
}

const encoder = new TextEncoder();
const bytes = (text: string): Uint8Array => encoder.encode(text);
const put = (table: Table, key: string, value: string): WriteOp => ({
  table,
  key: bytes(key),
  value: bytes(value),
});
const remove = (table: Table, key: string): WriteOp => ({ table, key: bytes(key), value: null });
const text = (value: Uint8Array | undefined): string | undefined => value && new TextDecoder().decode(value);
const keysOf = (store: Store, table: Table, options?: RangeOptions): (string | undefined)[] =>
  [...store.range(table, options)].map(([key]) => text(key));

export function storeContract(name: string, make: () => Promise<StoreUnderTest>): void {
  describe(`${name}: what was committed`, () => {
    test('is there, in its own table', async () => {
      const { store } = await make();
      await store.commit(TABLES.map((table) => put(table, 'key', `value of ${table}`)));
      for (const table of TABLES) {
        expect(text(store.get(table, bytes('key')))).toBe(`value of ${table}`);
        expect(store.count(table)).toBe(1);
      }
      expect(store.get('H', bytes('another key'))).toBeUndefined();
    });

    test('is replaced, and deleted', async () => {
      const { store } = await make();
      await store.commit([put('H', 'a', '1'), put('H', 'b', '1'), put('H', 'c', '1')]);
      await store.commit([put('H', 'a', '2'), remove('H', 'b'), remove('H', 'never there')]);
      expect(keysOf(store, 'H')).toStrictEqual(['a', 'c']);
      expect(text(store.get('H', bytes('a')))).toBe('2');
    });

    test('is what the last op of a commit said about a key', async () => {
      const { store } = await make();
      await store.commit([
        put('H', 'a', '1'),
        remove('H', 'a'),
        put('H', 'b', '1'),
        remove('H', 'b'),
        put('H', 'b', '2'),
      ]);
      expect(keysOf(store, 'H')).toStrictEqual(['b']);
      expect(text(store.get('H', bytes('b')))).toBe('2');
    });

    test('may have an empty value, which is not the same as no value', async () => {
      const { store } = await make();
      await store.commit([put('W', 'a', '')]);
      expect(store.get('W', bytes('a'))).toStrictEqual(new Uint8Array());
      expect([...store.range('W')]).toStrictEqual([[bytes('a'), new Uint8Array()]]);
    });

    test('may have keys of one byte, of the most bytes, and of any bytes', async () => {
      const { store } = await make();
      const keys = [[0], [0, 0], [255], [255, 255], [0, 255, 0]].map((key) => new Uint8Array(key));
      keys.push(new Uint8Array(KEY_BYTES_MAX).fill(7), new Uint8Array(KEY_BYTES_MAX).fill(255));
      await store.commit(keys.map((key, index) => ({ table: 'V', key, value: new Uint8Array([index]) })));
      keys.forEach((key, index) => expect(store.get('V', key)).toStrictEqual(new Uint8Array([index])));
      expect([...store.range('V')].map(([key]) => key)).toStrictEqual([...keys].sort(compareKeys));
    });

    test('may be megabytes, and thousands of rows at once', async () => {
      const { store } = await make();
      const large = new Uint8Array(5_000_000).map((_, index) => index * 31);
      const many = Array.from({ length: 5_000 }, (_, index) =>
        put('T', String(index).padStart(5, '0'), String(index)),
      );
      await store.commit([{ table: 'H', key: bytes('large'), value: large }, ...many]);
      expect(Buffer.compare(store.get('H', bytes('large')) ?? new Uint8Array(), large)).toBe(0);
      expect(store.count('T')).toBe(5_000);
      expect(keysOf(store, 'T', { start: bytes('04998') })).toStrictEqual(['04998', '04999']);
    });

    test('may lie in larger buffers, which are free again afterwards', async () => {
      const { store } = await make();
      const buffer = bytes('..key:value..');
      await store.commit([{ table: 'H', key: buffer.subarray(2, 5), value: buffer.subarray(6, 11) }]);
      buffer.fill(0);
      expect([...store.range('H')]).toStrictEqual([[bytes('key'), bytes('value')]]);
    });

    test('is not touched by what a reader does with its bytes', async () => {
      const { store } = await make();
      await store.commit([put('H', 'a', 'value')]);
      store.get('H', bytes('a'))?.fill(0);
      for (const [key, value] of store.range('H')) {
        key.fill(0);
        value.fill(0);
      }
      const first = store.get('H', bytes('a'));
      store.get('H', bytes('a'));
      await store.commit([put('H', 'a', 'other')]);
      expect(text(first)).toBe('value');
      expect(text(store.get('H', bytes('a')))).toBe('other');
    });

    test('may be nothing', async () => {
      const { store } = await make();
      await store.commit([]);
      await store.commit([put('H', 'a', '1')]);
      expect(store.count('H')).toBe(1);
    });
  });

  describe(`${name}: what cannot be committed`, () => {
    const wrong: readonly (readonly [string, WriteOp])[] = [
      ['a key without bytes', put('H', '', 'value')],
      ['a key of too many bytes', { table: 'H', key: new Uint8Array(KEY_BYTES_MAX + 1), value: null }],
      ['a value that is no bytes', { table: 'H', key: bytes('a'), value: 'text' as never }],
      ['a table that there is not', put('Q' as Table, 'a', 'value')],
    ];
    test.each(wrong)('%s is refused, with all that came beside it', async (_, op) => {
      const { store } = await make();
      await expect(store.commit([put('H', 'good', '1'), op])).rejects.toThrow(TroupeAssertionError);
      expect(store.count('H')).toBe(0);
      await store.commit([put('H', 'next', '1')]);
      expect(keysOf(store, 'H')).toStrictEqual(['next']);
    });

    test('a second commit beside one in flight', async () => {
      const { store } = await make();
      const first = store.commit([put('H', 'a', '1')]);
      await expect(store.commit([put('H', 'b', '1')])).rejects.toThrow(TroupeAssertionError);
      await first;
      expect(keysOf(store, 'H')).toStrictEqual(['a']);
    });
  });

  describe(`${name}: a range`, () => {
    const key = fc.uint8Array({ minLength: 1, maxLength: 3, max: 3 });
    const op = fc.record({ key, value: fc.option(fc.uint8Array({ maxLength: 3 })) });
    const bounds = fc.record(
      { start: key, end: key, limit: fc.nat(5), reverse: fc.boolean() },
      { requiredKeys: [], noNullPrototype: true },
    );

    test('has the rows that a sorted list would have', async () => {
      const { store } = await make();
      let model: Row[] = [];
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.array(op, { maxLength: 10 }), { maxLength: 4 }),
          fc.array(bounds),
          async (commits, ranges) => {
            await store.commit(model.map(([each]) => ({ table: 'V', key: each, value: null })));
            model = [];
            for (const ops of commits) {
              await store.commit(ops.map((each) => ({ table: 'V', ...each })));
              for (const each of ops) {
                model = model.filter(([there]) => compareKeys(there, each.key) !== 0);
                if (each.value) model.push([each.key, each.value]);
              }
            }
            model.sort(([a], [b]) => compareKeys(a, b));
            for (const range of ranges) {
              const { start, end, limit, reverse } = range;
              const within = model.filter(
                ([each]) => (!start || compareKeys(each, start) >= 0) && (!end || compareKeys(each, end) < 0),
              );
              if (reverse) within.reverse();
              expect([...store.range('V', range)]).toStrictEqual(within.slice(0, limit));
              const counted = { ...(start && { start }), ...(end && { end }) };
              expect(store.count('V', counted)).toBe(within.length);
              if (reverse) continue;
              for (let n = 0; n <= within.length; n += 1) {
                expect(store.keyBehind('V', n, counted)).toStrictEqual(within[n]?.[0]);
              }
            }
          },
        ),
        { numRuns: 60 },
      );
    });

    test('is read to its end while others write', async () => {
      const { store } = await make();
      const name = (index: number): string => String(index).padStart(4, '0');
      await store.commit(Array.from({ length: 1_000 }, (_, index) => put('H', name(index), 'old')));
      const seen: string[] = [];
      for (const [each] of store.range('H')) {
        seen.push(text(each) as string);
        if (seen.length === 10)
          await store.commit([put('H', '0500a', 'new'), remove('H', name(900)), remove('H', name(5))]);
      }
      const steady = Array.from({ length: 1_000 }, (_, index) => name(index)).filter(
        (each) => each !== name(900),
      );
      expect(seen.filter((each) => each !== '0500a' && each !== name(900))).toStrictEqual(steady);
    });

    test('may be left before its end, and begun again', async () => {
      const { store } = await make();
      await store.commit([put('H', 'a', '1'), put('H', 'b', '1')]);
      const range = store.range('H');
      for (const _ of range) break;
      await store.commit([put('H', 'c', '1')]);
      expect([...range]).toHaveLength(3);
    });
  });

  describe(`${name}: an opening`, () => {
    test('finds what the last one committed, and has a greater epoch', async () => {
      const { store, reopen } = await make();
      await store.commit([put('H', 'a', '1')]);
      await store.close();
      const again = await reopen();
      expect(text(again.get('H', bytes('a')))).toBe('1');
      expect(again.meta.epoch).toBeGreaterThan(store.meta.epoch);
      expect({ ...again.meta, epoch: 0 }).toStrictEqual({ ...store.meta, epoch: 0 });
      await again.commit([put('H', 'b', '1')]);
      expect(again.count('H')).toBe(2);
      await again.close();
    });

    test('is closed when its commit in flight is durable, and is no use then', async () => {
      const { store, reopen } = await make();
      const commit = store.commit([put('H', 'a', '1')]);
      await store.close();
      await commit;
      expect(() => store.get('H', bytes('a'))).toThrow(StoreClosedError);
      expect(() => store.range('H')).toThrow(StoreClosedError);
      expect(() => store.count('H')).toThrow(StoreClosedError);
      expect(() => store.keyBehind('H', 0)).toThrow(StoreClosedError);
      await expect(store.commit([])).rejects.toThrow(StoreClosedError);
      const again = await reopen();
      expect(again.count('H')).toBe(1);
      await again.close();
    });

    test('ends when another owner takes the store over: nothing of its next commit is there', async () => {
      const { store, takeOver, keysElsewhere } = await make();
      await store.commit([put('H', 'a', '1')]);
      const failures: StoreError[] = [];
      store.onFailure((failure) => failures.push(failure));
      await takeOver();
      await expect(store.commit([put('H', 'b', '1')])).rejects.toThrow(StoreFencedError);
      expect(failures.map(({ kind }) => kind)).toStrictEqual(['fenced']);
      expect(store.failure?.kind).toBe('fenced');
      await expect(store.commit([put('H', 'c', '1')])).rejects.toThrow(StorePoisonedError);
      await store.close();
      expect(await keysElsewhere()).toStrictEqual(['a']);
    });
  });

  describe(`${name}: a store that was put out of use`, () => {
    const failure = new CommitUnknownError('the store', 'a test says so');

    test('refuses everything, says why, and can be closed', async () => {
      const { store } = await make();
      const told: StoreError[] = [];
      store.onFailure((error) => told.push(error));
      const stopListening = store.onFailure(() => expect.unreachable());
      stopListening();
      store.poison(failure);
      store.poison(new CommitUnknownError('the store', 'a second failure'));
      expect(told).toStrictEqual([failure]);
      expect(store.failure).toBe(failure);
      expect(() => store.get('H', bytes('a'))).toThrow(StorePoisonedError);
      expect(() => store.range('H')).toThrow(StorePoisonedError);
      expect(() => store.count('H')).toThrow(StorePoisonedError);
      expect(() => store.keyBehind('H', 0)).toThrow(StorePoisonedError);
      await expect(store.commit([])).rejects.toThrow(StorePoisonedError);
      await store.close();
    });

    test('does not let a range be read on', async () => {
      const { store } = await make();
      await store.commit(Array.from({ length: 1_000 }, (_, index) => put('H', String(index), 'value')));
      const range = store.range('H');
      store.poison(failure);
      expect(() => [...range]).toThrow(StorePoisonedError);
    });
  });
}
