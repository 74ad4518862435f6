// The border between a realm and its host, as a flat list of primitives: no object of either side is ever in the hands of the other.
// Pure; the same file on both sides. Payload text travels as it is: there is no JSON around JSON.
import { assert } from '../../model/assert';
import type { Activation, ActivationResult } from '../../model/turn';

export type Primitive = string | number | boolean | null | undefined;

/** What a cell that is no value says about those behind it. */
const VALUE = 0;
const ARRAY = 1;
const OBJECT = 2;
const BYTES = 3;

/** The first cell: how many are in use. Those behind them are left over from before. */
const USED = 0;
/** A tape that was longer is not kept. */
const CELLS_KEPT = 1_024;

/** Where the tape in hand is written or read: one at a time, from its beginning to its end. */
let at = 0;

export const writeActivation = (tape: Primitive[], activation: Activation): void =>
  writeAll(tape, activation);

export const readActivation = (tape: readonly Primitive[]): Activation => readAll(tape) as Activation;

export const writeResult = (tape: Primitive[], result: ActivationResult): void => writeAll(tape, result);

export const readResult = (tape: readonly Primitive[]): ActivationResult => readAll(tape) as ActivationResult;

/** Nothing of what it held stays in memory. The cells do: a tape is used again and again. */
export function clearTape(tape: Primitive[]): void {
  if (tape.length > CELLS_KEPT) tape.length = 0;
  else tape.fill(undefined);
}

function writeAll(tape: Primitive[], value: unknown): void {
  at = USED + 1;
  write(tape, value);
  tape[USED] = at;
}

function readAll(tape: readonly Primitive[]): unknown {
  const used = tape[USED];
  assert(typeof used === 'number' && used > USED && used <= tape.length, 'a tape without its length');
  at = USED + 1;
  return read(tape, used);
}

function write(tape: Primitive[], value: unknown): void {
  if (typeof value !== 'object' || value === null) {
    assert(
      typeof value !== 'function' && typeof value !== 'symbol' && typeof value !== 'bigint',
      'not a value',
    );
    tape[at++] = VALUE;
    tape[at++] = value as Primitive;
  } else if (Array.isArray(value)) {
    tape[at++] = ARRAY;
    tape[at++] = value.length;
    for (let index = 0; index < value.length; index += 1) write(tape, value[index]);
  } else if (ArrayBuffer.isView(value)) {
    tape[at++] = BYTES;
    tape[at++] = latin1(value as Uint8Array);
  } else {
    writeObject(tape, value as Record<string, unknown>);
  }
}

function writeObject(tape: Primitive[], value: Record<string, unknown>): void {
  tape[at++] = OBJECT;
  const start = at;
  tape[at++] = 0;
  let count = 0;
  for (const key in value) {
    const field = value[key];
    if (field === undefined) continue;
    tape[at++] = key;
    write(tape, field);
    count += 1;
  }
  tape[start] = count;
}

function read(tape: readonly Primitive[], used: number): unknown {
  const tag = next(tape, used);
  if (tag === VALUE) return primitive(next(tape, used));
  if (tag === ARRAY) return readArray(tape, used, count(next(tape, used), used));
  if (tag === OBJECT) return readObject(tape, used, count(next(tape, used), used));
  assert(tag === BYTES, 'a tape that nobody wrote');
  return bytesOf(text(next(tape, used)));
}

function readArray(tape: readonly Primitive[], used: number, length: number): unknown[] {
  // Most have one item, and an array that grows by itself begins with room for 17.
  if (length === 0) return [];
  const items = [read(tape, used)];
  for (let index = 1; index < length; index += 1) items.push(read(tape, used));
  return items;
}

function readObject(tape: readonly Primitive[], used: number, fields: number): Record<string, unknown> {
  const object: Record<string, unknown> = {};
  for (let index = 0; index < fields; index += 1) {
    const key = text(next(tape, used));
    const value = read(tape, used);
    if (key === '__proto__') Object.defineProperty(object, key, { value, enumerable: true });
    else object[key] = value;
  }
  return object;
}

function next(tape: readonly Primitive[], used: number): Primitive {
  assert(at < used, 'the tape ends too early');
  return tape[at++];
}

/** Never anything but a primitive, whatever the other side has put there. */
function primitive(value: Primitive): Primitive {
  assert(
    value === null || (typeof value !== 'object' && typeof value !== 'function'),
    'an object on the tape',
  );
  return value;
}

function text(value: Primitive): string {
  assert(typeof value === 'string', 'no text where the tape has one');
  return value;
}

function count(value: Primitive, used: number): number {
  assert(typeof value === 'number' && value >= 0 && value <= used, 'a wrong count on the tape');
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
