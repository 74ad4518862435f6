// The write operations of a batch as bytes: table, length of the key, length of the value or none, key, value; and so on. Pure.
// By hand: as MessagePack their bytes cost five times as much.
import { assert } from '../model/assert';
import { makeRoom, putBytes, putU32 } from '../storage/format/msgpack';
import type { BatchOp } from './traffic';

/** Letter u8, key bytes u16, 0 u8, value bytes u32. */
const OP_HEAD_BYTES = 8;
const KEY_BYTES_MAX = 0xffff;
/** In the place of a value's length: the key is deleted. */
const NO_VALUE = 0xffff_ffff;

export function putOps(ops: readonly BatchOp[]): void {
  let bytes = 0;
  for (const { key, value } of ops) bytes += OP_HEAD_BYTES + key.length + (value?.length ?? 0);
  makeRoom(bytes);
  for (const op of ops) putOp(op);
}

function putOp({ table, key, value }: BatchOp): void {
  assert(key.length <= KEY_BYTES_MAX, 'a key is too long');
  putU32(table.charCodeAt(0) | (key.length << 8));
  putU32(value === null ? NO_VALUE : value.length);
  putBytes(key);
  if (value !== null) putBytes(value);
}

export function takeOps(bytes: Uint8Array, from: number, count: number): readonly BatchOp[] {
  const { buffer, byteOffset } = bytes;
  const view = new DataView(buffer, byteOffset, bytes.byteLength);
  const ops: BatchOp[] = [];
  let at = from;
  for (let index = 0; index < count; index += 1) {
    const table = String.fromCharCode(view.getUint8(at));
    const keyBytes = view.getUint16(at + 1, true);
    const valueBytes = view.getUint32(at + 4, true);
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
