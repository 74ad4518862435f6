// The grammar of everything that is stored or crosses the thread border: MessagePack arrays whose positions mean something, beside a
// table of names and a table of payloads that they point into. Pure. A position, once given, keeps its meaning for ever: new ones are
// appended, and readers know older arrays to be shorter.
import { appended } from '../../model/appended';
import type { EncodedPayload, Payload, PayloadMap, Payloads } from '../../model/payload';
import type { Cell, Cells } from './msgpack';

export type { Cell, Cells };

/** An absent value is `null`. */
export type Absent = null;
/** Positions in the two tables. */
export type NameRef = number;
export type PayloadRef = number;

/** How one kind is written, and read: the tuple that one makes is what the other is given. */
export interface Codec<T> {
  readonly write: (value: T, writer: Writer) => Cells;
  readonly read: (cells: Cells, reader: Reader) => T;
}

export const codec = <T, const C extends Cells>(
  write: (value: T, writer: Writer) => C,
  read: (cells: C, reader: Reader) => NoInfer<T>,
): Codec<T> => ({ write, read: read as unknown as Codec<T>['read'] });

/** A payload as the table holds it: text, nil for `undefined`, else metadata (key, value, …) and data last. */
type PayloadCell = string | null | readonly (string | Uint8Array)[];

/** Beyond this many names a search of the list is slower than a map of them. */
const NAMES_SEARCHED_MAX = 8;

/** Collects the tables while values are written. */
export class Writer {
  readonly #names: string[] = [];
  readonly #payloads: PayloadCell[] = [];
  #byName: Map<string, NameRef> | undefined;
  /** Moments are written as what has passed since this one. */
  readonly baseTime: number;

  constructor(baseTime = 0) {
    this.baseTime = baseTime;
  }

  /** For what many values have in common: task queues, types, identities. */
  name(text: string): NameRef {
    const names = this.#names;
    let known: number | undefined;
    if (this.#byName !== undefined) {
      known = this.#byName.get(text);
      if (known !== undefined) return known;
      this.#byName.set(text, names.length);
    } else {
      known = names.indexOf(text);
      if (known >= 0) return known;
      if (names.length >= NAMES_SEARCHED_MAX) {
        this.#byName = new Map(names.map((name, index) => [name, index]));
        this.#byName.set(text, names.length);
      }
    }
    return names.push(text) - 1;
  }

  nameOf(text: string | undefined): NameRef | Absent {
    return text === undefined ? null : this.name(text);
  }

  payload(payload: Payload): PayloadRef {
    return this.#payloads.push(isText(payload) ? payload : encodedCells(payload)) - 1;
  }

  payloadOf(payload: Payload | undefined): PayloadRef | Absent {
    return payload === undefined ? null : this.payload(payload);
  }

  list(payloads: Payloads): readonly PayloadRef[] {
    let refs: PayloadRef[] = [];
    for (const payload of payloads) refs = appended(refs, this.payload(payload));
    return refs;
  }

  listOf(payloads: Payloads | undefined): readonly PayloadRef[] | Absent {
    return payloads === undefined ? null : this.list(payloads);
  }

  map(map: PayloadMap): MapCells {
    const cells: (string | PayloadRef)[] = [];
    for (const key in map) cells.push(key, this.payload(map[key] as Payload));
    return cells;
  }

  mapOf(map: PayloadMap | undefined): MapCells | Absent {
    return map === undefined ? null : this.map(map);
  }

  /** What readers are made from. */
  get tables(): Tables {
    return [this.#names, this.#payloads];
  }
}

/** Key, payload, key, payload, … */
type MapCells = readonly (string | PayloadRef)[];
export type Tables = readonly [names: readonly string[], payloads: readonly PayloadCell[]];

const isText = (payload: Payload): payload is string | null =>
  typeof payload === 'string' || payload === null;

function encodedCells({ metadata, data }: EncodedPayload): PayloadCell {
  const cells: (string | Uint8Array)[] = [];
  for (const key in metadata) cells.push(key, metadata[key] as Uint8Array);
  cells.push(data);
  return cells;
}

/** Looks up what cells point to. */
export class Reader {
  readonly #names: readonly string[];
  readonly #payloads: readonly Payload[];
  readonly baseTime: number;

  constructor([names, payloads]: Tables, baseTime = 0) {
    this.#names = names;
    this.#payloads = payloads.some((cell) => typeof cell === 'object' && cell !== null)
      ? payloads.map(payloadFromCell)
      : (payloads as readonly (string | null)[]);
    this.baseTime = baseTime;
  }

  name<T extends string = string>(ref: NameRef): T {
    return this.#names[ref] as T;
  }

  payload(ref: PayloadRef): Payload {
    return this.#payloads[ref] as Payload;
  }

  list(refs: readonly PayloadRef[]): Payloads {
    const payloads: Payload[] = [];
    for (const ref of refs) payloads.push(this.payload(ref));
    return payloads;
  }

  map(cells: MapCells): PayloadMap {
    const map: Record<string, Payload> = {};
    for (let at = 0; at < cells.length; at += 2) {
      setOwn(map, cells[at] as string, this.payload(cells[at + 1] as PayloadRef));
    }
    return map;
  }
}

function payloadFromCell(cell: PayloadCell): Payload {
  if (typeof cell === 'string' || cell === null) return cell;
  const metadata: Record<string, Uint8Array> = {};
  const last = cell.length - 1;
  for (let at = 0; at < last; at += 2) setOwn(metadata, cell[at] as string, cell[at + 1] as Uint8Array);
  return { metadata, data: cell[last] as Uint8Array };
}

/** Also for a key that is the name of an accessor. */
export function setOwn<T>(record: Record<string, T>, key: string, value: T): void {
  if (key === '__proto__') {
    Object.defineProperty(record, key, { value, enumerable: true, configurable: true, writable: true });
  } else {
    record[key] = value;
  }
}
