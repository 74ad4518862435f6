// Cells to MessagePack and back. Pure. Reading is msgpackr's; writing is done here, straight to where the bytes are to lie: a frame of
// five events takes 2.5 µs instead of 3.6 (bench/micro/codec.ts): no copies and no buffer of its own for each part.
import { Packr } from 'msgpackr';
import { encodeUtf8 } from '../../common/payload/utf8';
import { assert } from '../../model/assert';

export type Cell = string | number | boolean | null | Uint8Array | Cells;
export type Cells = readonly Cell[];

/** Bytes are written one behind the other into slabs: an array buffer of its own for each record costs 0.4 µs. */
const SLAB_BYTES = 64 * 1_024;
/** So much room is left for a record at its beginning; a larger one moves to a slab of its own. */
const ROOM_MIN = 2 * 1_024;
/** A larger slab is given up behind its record. */
const SLAB_BYTES_MAX = 1_024 * 1_024;
/** Of a record that has no room: what is not written to takes no memory. */
const GROWTH = 1.5;

/** Node's, seen from code that knows nothing of Node; absent elsewhere. */
interface NativeBuffer extends Uint8Array<ArrayBuffer> {
  write(text: string, offset: number, length: number, encoding: 'utf8'): number;
}
interface Native {
  readonly Buffer?: {
    /** Not zeroed: for a megabyte that takes as long as writing it. */
    allocUnsafeSlow(bytes: number): NativeBuffer;
    byteLength(text: string, encoding: 'utf8'): number;
  };
}
const { Buffer: native } = globalThis as Native;

let buffer = native?.allocUnsafeSlow(SLAB_BYTES);
/** The same bytes. */
let slab = buffer === undefined ? new Uint8Array(SLAB_BYTES) : new Uint8Array(buffer.buffer);
let view = new DataView(slab.buffer);
/** The record that is being written. */
let start = 0;
let at = 0;

/** Begins a record: what is put from here on is its bytes. A record that was begun and not taken is given up. */
export function beginRecord(): void {
  at = start;
  if (slab.length - start < ROOM_MIN || slab.length > SLAB_BYTES_MAX) {
    newSlab(SLAB_BYTES);
    start = 0;
    at = 0;
  }
}

function newSlab(bytes: number): void {
  buffer = native?.allocUnsafeSlow(bytes);
  slab = buffer === undefined ? new Uint8Array(bytes) : new Uint8Array(buffer.buffer);
  view = new DataView(slab.buffer);
}

/** How many bytes the record has by now. */
export const recordBytes = (): number => at - start;

/** The record as it stands; gone with the next `beginRecord`. */
export const peekRecord = (): Uint8Array => slab.subarray(start, at);

/** Ends the record. Its bytes share a buffer with others that came before and will come behind. */
export function takeRecord(): Uint8Array {
  const record = slab.subarray(start, at);
  start = at;
  return record;
}

/** Ends the record. No other shares its buffer, which can be transferred. */
export function takeTransferable(): Uint8Array<ArrayBuffer> {
  if (start === 0 && at > SLAB_BYTES) {
    // It has outgrown what records share, into a slab of its own.
    const record = slab.subarray(0, at);
    newSlab(SLAB_BYTES);
    at = 0;
    return record;
  }
  const record = slab.slice(start, at);
  at = start;
  return record;
}

/** Little-endian, as everything that is not MessagePack. */
export function putU32(value: number): void {
  makeRoom(4);
  view.setUint32(at, value, true);
  at += 4;
}

/** Over what was put before at this offset of the record. */
export const setU32 = (offset: number, value: number): void => view.setUint32(start + offset, value, true);

/** As they are. */
export function putBytes(bytes: Uint8Array): void {
  makeRoom(bytes.length);
  slab.set(bytes, at);
  at += bytes.length;
}

export function putCells(cells: Cells): void {
  const { length } = cells;
  // Enough for all numbers; texts and bytes look after themselves.
  makeRoom(ARRAY_HEAD_BYTES_MAX + length * SCALAR_BYTES_MAX);
  if (length < 0x10) {
    slab[at++] = 0x90 | length;
  } else if (length < 0x1_0000) {
    slab[at++] = 0xdc;
    slab[at++] = length >>> 8;
    slab[at++] = length;
  } else {
    slab[at++] = 0xdd;
    view.setUint32(at, length);
    at += 4;
  }
  for (let index = 0; index < length; index += 1) {
    const cell = cells[index] as Cell;
    if (typeof cell === 'number') putNumber(cell);
    else if (typeof cell === 'string') putText(cell, (length - index) * SCALAR_BYTES_MAX);
    else if (cell === null) slab[at++] = 0xc0;
    else if (typeof cell === 'boolean') slab[at++] = cell ? 0xc3 : 0xc2;
    else if (isCells(cell)) {
      putCells(cell);
      makeRoom((length - index) * SCALAR_BYTES_MAX);
    } else putBinary(cell, (length - index) * SCALAR_BYTES_MAX);
  }
}

const isCells = (cell: Uint8Array | Cells): cell is Cells => Array.isArray(cell);

const ARRAY_HEAD_BYTES_MAX = 5;
const SCALAR_BYTES_MAX = 9;
const UTF8_BYTES_MAX = 3;

function putNumber(value: number): void {
  if (value >= 0 && value < 0x80 && (value | 0) === value) {
    slab[at++] = value;
  } else if (value >>> 0 === value) {
    if (value < 0x100) {
      slab[at++] = 0xcc;
    } else if (value < 0x1_0000) {
      slab[at++] = 0xcd;
      slab[at++] = value >>> 8;
    } else {
      slab[at++] = 0xce;
      slab[at++] = value >>> 24;
      slab[at++] = value >>> 16;
      slab[at++] = value >>> 8;
    }
    slab[at++] = value;
  } else if ((value | 0) === value && value >= -0x20) {
    slab[at++] = value;
  } else {
    slab[at++] = 0xcb;
    view.setFloat64(at, value);
    at += 8;
  }
}

/** Up to here a loop is faster than the native writer. */
const TEXT_BY_HAND_MAX = 48;
/** A longer text is counted before it is written: shorter ones are given room for three bytes of each of their units. */
const TEXT_UNCOUNTED_MAX = 4 * 1_024;
const TEXT_HEAD_BYTES_MAX = 5;

/** @param more bytes for which there must be room behind it */
function putText(text: string, more: number): void {
  const { length } = text;
  if (length > TEXT_BY_HAND_MAX) {
    if (native === undefined) putUtf8(encodeUtf8(text), more);
    else putInPlace(text, more, length > TEXT_UNCOUNTED_MAX ? native.byteLength(text, 'utf8') : undefined);
    return;
  }
  makeRoom(TEXT_HEAD_BYTES_MAX + length + more);
  // In variables of this call: V8 keeps them in registers, which it cannot do with those of the module.
  const bytes = slab;
  const from = putTextHead(length);
  for (let index = 0; index < length; index += 1) {
    const code = text.charCodeAt(index);
    if (code >= 0x80) {
      putUtf8(encodeUtf8(text), more);
      return;
    }
    bytes[from + index] = code;
  }
  at = from + length;
}

/** Behind the head that it has if it is ASCII, unless its bytes were counted. */
function putInPlace(text: string, more: number, counted: number | undefined): void {
  const { length } = text;
  const bytesMax = counted ?? UTF8_BYTES_MAX * length;
  makeRoom(TEXT_HEAD_BYTES_MAX + bytesMax + more);
  const from = putTextHead(counted ?? length);
  const written = (buffer as NativeBuffer).write(text, from, bytesMax, 'utf8');
  assert(counted === undefined || counted === written, 'a text has other bytes than were counted');
  const begin = at + headBytes(written);
  if (begin !== from) slab.copyWithin(begin, from, from + written);
  at = putTextHead(written) + written;
}

const headBytes = (bytes: number): number =>
  bytes < 0x20 ? 1 : bytes < 0x100 ? 2 : bytes < 0x1_0000 ? 3 : 5;

function putUtf8(bytes: Uint8Array, more: number): void {
  makeRoom(TEXT_HEAD_BYTES_MAX + bytes.length + more);
  at = putTextHead(bytes.length);
  slab.set(bytes, at);
  at += bytes.length;
}

/** @returns where the text begins */
function putTextHead(bytes: number): number {
  if (bytes < 0x20) {
    slab[at] = 0xa0 | bytes;
    return at + 1;
  }
  return putHead(0xd9, bytes);
}

/** Of a length in 8, 16 or 32 bits, whose codes follow each other. */
function putHead(code: number, bytes: number): number {
  if (bytes < 0x100) {
    slab[at] = code;
    slab[at + 1] = bytes;
    return at + 2;
  }
  if (bytes < 0x1_0000) {
    slab[at] = code + 1;
    slab[at + 1] = bytes >>> 8;
    slab[at + 2] = bytes;
    return at + 3;
  }
  slab[at] = code + 2;
  view.setUint32(at + 1, bytes);
  return at + 5;
}

function putBinary(bytes: Uint8Array, more: number): void {
  makeRoom(TEXT_HEAD_BYTES_MAX + bytes.length + more);
  at = putHead(0xc4, bytes.length);
  slab.set(bytes, at);
  at += bytes.length;
}

/** Once for all that comes, where that is known: a record that grows is copied. */
export function makeRoom(bytes: number): void {
  if (at + bytes <= slab.length) return;
  const begun = slab.subarray(start, at);
  newSlab(Math.max(SLAB_BYTES, Math.ceil(GROWTH * (begun.length + bytes))));
  slab.set(begun);
  start = 0;
  at = begun.length;
}

// Bytes are copied: a payload of a few bytes must not keep the post alive that brought it.
const packr = new Packr({ useRecords: false, copyBuffers: true });

/** What `putCells` was given, of which the caller knows the shape. */
export const unpack = <C extends Cells>(bytes: Uint8Array, from = 0, to = bytes.length): C =>
  packr.unpack(bytes, { start: from, end: to }) as C;
