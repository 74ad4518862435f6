// The write operations of a batch as bytes: table, length of the key, length of the value or none, key, value; and so on. Pure.
// By hand: as MessagePack their bytes cost five times as much.
import { assert } from '../model/assert';
import type { BatchOp } from './traffic';

/** Letter u8, key bytes u16, value bytes u32. */
const OP_HEAD_BYTES = 7;
const KEY_BYTES_MAX = 0xffff;
/** In the place of a value's length: the key is deleted. */
const NO_VALUE = 0xffff_ffff;

export function opsBytes(ops: readonly BatchOp[]): number {
  let bytes = 0;
  for (const { key, value } of ops) {
    assert(key.length <= KEY_BYTES_MAX, 'a key is too long');
    bytes += OP_HEAD_BYTES + key.length + (value === null ? 0 : value.length);
  }
  return bytes;
}

export function putOps(bytes: Uint8Array, from: number, ops: readonly BatchOp[]): void {
  let at = from;
  for (const { table, key, value } of ops) {
    const valueBytes = value === null ? NO_VALUE : value.length;
    bytes[at] = table.charCodeAt(0);
    bytes[at + 1] = key.length;
    bytes[at + 2] = key.length >>> 8;
    bytes[at + 3] = valueBytes;
    bytes[at + 4] = valueBytes >>> 8;
    bytes[at + 5] = valueBytes >>> 16;
    bytes[at + 6] = valueBytes >>> 24;
    at += OP_HEAD_BYTES;
    bytes.set(key, at);
    at += key.length;
    if (value === null) continue;
    bytes.set(value, at);
    at += value.length;
  }
}

export function takeOps(bytes: Uint8Array, from: number, count: number): readonly BatchOp[] {
  const { buffer, byteOffset } = bytes;
  const view = new DataView(buffer, byteOffset, bytes.byteLength);
  const ops: BatchOp[] = [];
  let at = from;
  for (let index = 0; index < count; index += 1) {
    const table = String.fromCharCode(view.getUint8(at));
    const keyBytes = view.getUint16(at + 1, true);
    const valueBytes = view.getUint32(at + 3, true);
    at += OP_HEAD_BYTES;
    const key = new Uint8Array(buffer, byteOffset + at, keyBytes);
    at += keyBytes;
    if (valueBytes === NO_VALUE) {
      ops.push({ table, key, value: null });
      continue;
    }
    ops.push({ table, key, value: new Uint8Array(buffer, byteOffset + at, valueBytes) });
    at += valueBytes;
  }
  assert(at === bytes.byteLength, 'the bytes of a batch do not fit its ops');
  return ops;
}
