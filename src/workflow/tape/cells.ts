// What lies on the tape: primitives, one behind the other. Fields of a known shape are cells in a fixed order; what may be anything
// says in a cell before it what it is. Pure.
import { assert } from '../../model/assert';

export type Primitive = string | number | boolean | null | undefined;

/** What a cell says about those behind it. */
const VALUE = 0;
const ARRAY = 1;
const OBJECT = 2;
const BYTES = 3;

/** In the place of a kind: what follows is of a rare one, and lies there as any value does. */
export const RARE = undefined;

/** The first cell: how many are in use. Those behind them are left over from before. */
const USED = 0;
/** A tape that was longer is not kept. */
const CELLS_KEPT = 1_024;

/** In hand between two tapes: what is not held here can be collected with its realm. */
const NO_TAPE: Primitive[] = [];
/** The tape in hand: one at a time, written or read from its beginning to its end. */
let cells = NO_TAPE;
let at = 0;
let end = 0;

export function beginWriting(tape: Primitive[]): void {
  cells = tape;
  at = USED + 1;
}

export function endWriting(): void {
  cells[USED] = at;
  cells = NO_TAPE;
}

export function beginReading(tape: Primitive[]): void {
  const used = tape[USED];
  assert(typeof used === 'number' && used > USED && used <= tape.length, 'a tape without its length');
  cells = tape;
  at = USED + 1;
  end = used;
}

/** Every cell was read. */
export function endReading(): void {
  assert(at === end, 'the tape ends too late');
  cells = NO_TAPE;
}

/** Nothing of what it held stays in memory. The cells do: a tape is used again and again. */
export function clearTape(tape: Primitive[]): void {
  if (tape.length > CELLS_KEPT) tape.length = 0;
  else tape.fill(undefined);
}

/** One cell, of a field that is a primitive, or absent. */
export function put(value: Primitive): void {
  cells[at++] = value;
}

/** Never anything but a primitive, whatever the other side has put there. */
export function take(): Primitive {
  assert(at < end, 'the tape ends too early');
  const value = cells[at++];
  assert(
    value === null || (typeof value !== 'object' && typeof value !== 'function'),
    'an object on the tape',
  );
  return value;
}

/** How many of something follow. */
function takeCount(): number {
  const value = take();
  assert(typeof value === 'number' && value >= 0 && value <= end, 'a wrong count on the tape');
  return value;
}

export function takeList<T>(takeItem: () => T): T[] {
  const length = takeCount();
  // Most have one item, and an array that grows by itself begins with room for 17.
  if (length === 0) return [];
  const items = [takeItem()];
  for (let index = 1; index < length; index += 1) items.push(takeItem());
  return items;
}

/** Whatever there can be: objects without methods, lists, bytes, primitives. A field that is undefined is as one that is absent. */
export function putValue(value: unknown): void {
  if (typeof value !== 'object' || value === null) {
    assert(
      typeof value !== 'function' && typeof value !== 'symbol' && typeof value !== 'bigint',
      'not a value',
    );
    cells[at++] = VALUE;
    cells[at++] = value as Primitive;
  } else if (Array.isArray(value)) {
    putList(value);
  } else if (ArrayBuffer.isView(value)) {
    cells[at++] = BYTES;
    cells[at++] = latin1(value as Uint8Array);
  } else {
    putObject(value as Record<string, unknown>);
  }
}

export function takeValue(): unknown {
  const tag = take();
  if (tag === VALUE) return take();
  if (tag === ARRAY) return takeList(takeValue);
  if (tag === OBJECT) return takeObject();
  assert(tag === BYTES, 'a tape that nobody wrote');
  return bytesOf(takeText());
}

function putList(items: readonly unknown[]): void {
  cells[at++] = ARRAY;
  cells[at++] = items.length;
  for (let index = 0; index < items.length; index += 1) putValue(items[index]);
}

function putObject(value: Record<string, unknown>): void {
  cells[at++] = OBJECT;
  const start = at;
  cells[at++] = 0;
  let count = 0;
  for (const key in value) {
    const field = value[key];
    if (field === undefined) continue;
    cells[at++] = key;
    putValue(field);
    count += 1;
  }
  cells[start] = count;
}

function takeObject(): Record<string, unknown> {
  const fields = takeCount();
  const object: Record<string, unknown> = {};
  for (let index = 0; index < fields; index += 1) {
    const key = takeText();
    const value = takeValue();
    if (key === '__proto__') Object.defineProperty(object, key, { value, enumerable: true });
    else object[key] = value;
  }
  return object;
}

function takeText(): string {
  const value = take();
  assert(typeof value === 'string', 'no text where the tape has one');
  return value;
}

/** Engines limit how many arguments a call may have. */
const CHUNK = 8_192;

function latin1(bytes: Uint8Array): string {
  let text = '';
  for (let start = 0; start < bytes.length; start += CHUNK) {
    text += String.fromCharCode(...bytes.subarray(start, start + CHUNK));
  }
  return text;
}

function bytesOf(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index += 1) bytes[index] = text.charCodeAt(index);
  return bytes;
}
