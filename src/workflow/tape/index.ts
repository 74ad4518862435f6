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

export function writeActivation(tape: Primitive[], activation: Activation): void {
  tape.length = 0;
  write(tape, activation);
}

export const readActivation = (tape: readonly Primitive[]): Activation =>
  new Reader(tape).read() as Activation;

export function writeResult(tape: Primitive[], result: ActivationResult): void {
  tape.length = 0;
  write(tape, result);
}

export const readResult = (tape: readonly Primitive[]): ActivationResult =>
  new Reader(tape).read() as ActivationResult;

function write(tape: Primitive[], value: unknown): void {
  if (typeof value !== 'object' || value === null) {
    assert(
      typeof value !== 'function' && typeof value !== 'symbol' && typeof value !== 'bigint',
      'not a value',
    );
    tape.push(VALUE, value as Primitive);
  } else if (Array.isArray(value)) {
    tape.push(ARRAY, value.length);
    for (let index = 0; index < value.length; index += 1) write(tape, value[index]);
  } else if (ArrayBuffer.isView(value)) {
    tape.push(BYTES, latin1(value as Uint8Array));
  } else {
    writeObject(tape, value as Record<string, unknown>);
  }
}

function writeObject(tape: Primitive[], value: Record<string, unknown>): void {
  const start = tape.length;
  tape.push(OBJECT, 0);
  let count = 0;
  for (const key in value) {
    const field = value[key];
    if (field === undefined) continue;
    tape.push(key);
    write(tape, field);
    count += 1;
  }
  tape[start + 1] = count;
}

class Reader {
  readonly #tape: readonly Primitive[];
  #at = 0;

  constructor(tape: readonly Primitive[]) {
    this.#tape = tape;
  }

  read(): unknown {
    const tag = this.#next();
    if (tag === VALUE) return this.#value();
    if (tag === ARRAY) return this.#array(this.#count());
    if (tag === OBJECT) return this.#object(this.#count());
    assert(tag === BYTES, 'a tape that nobody wrote');
    return bytesOf(this.#text());
  }

  #array(length: number): unknown[] {
    const items: unknown[] = [];
    for (let index = 0; index < length; index += 1) items.push(this.read());
    return items;
  }

  #object(count: number): Record<string, unknown> {
    const object: Record<string, unknown> = {};
    for (let index = 0; index < count; index += 1) {
      const key = this.#text();
      const value = this.read();
      if (key === '__proto__') Object.defineProperty(object, key, { value, enumerable: true });
      else object[key] = value;
    }
    return object;
  }

  /** Never anything but a primitive, whatever the other side has put there. */
  #value(): Primitive {
    const value = this.#next();
    assert(
      value === null || (typeof value !== 'object' && typeof value !== 'function'),
      'an object on the tape',
    );
    return value;
  }

  #text(): string {
    const text = this.#next();
    assert(typeof text === 'string', 'no text where the tape has one');
    return text;
  }

  #count(): number {
    const count = this.#next();
    assert(
      typeof count === 'number' && count >= 0 && count <= this.#tape.length,
      'a wrong count on the tape',
    );
    return count;
  }

  #next(): Primitive {
    assert(this.#at < this.#tape.length, 'the tape ends too early');
    return this.#tape[this.#at++];
  }
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
