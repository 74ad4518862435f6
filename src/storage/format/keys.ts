// Keys of every table. Bytes compare as unsigned; numbers are big-endian, so that order is order. Pure.
import { assert } from '../../model/assert';
import type { EventId, Namespace, RunId, WorkflowId } from '../../model/ids';
import type { EpochMs } from '../../model/time';
import { encodeUtf8 } from '../../common/payload/utf8';

export type DueKind = 'wake' | 'retention';
export interface Range {
  readonly start: Uint8Array;
  readonly end: Uint8Array;
}

const RUN_BYTES = 16;
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

function putRun(key: Uint8Array, at: number, run: RunId): void {
  assert(run.length === 36, `a run id that is no UUID: ${run}`);
  let position = at;
  for (let index = 0; index < 36; index += 2) {
    if (index === 8 || index === 13 || index === 18 || index === 23) index += 1;
    key[position++] = (digit(run.charCodeAt(index)) << 4) | digit(run.charCodeAt(index + 1));
  }
}

function digit(code: number): number {
  const value = code <= 57 ? code - 48 : (code | 32) - 87;
  assert(value >= 0 && value < 16, 'a run id that is no UUID');
  return value;
}

function takeRun(key: Uint8Array, at: number): RunId {
  let text = '';
  for (let index = 0; index < RUN_BYTES; index += 1) {
    if (index === 4 || index === 6 || index === 8 || index === 10) text += '-';
    text += HEX[key[at + index] as number] as string;
  }
  return text as RunId;
}

function putU32(key: Uint8Array, at: number, value: number): void {
  key[at] = value >>> 24;
  key[at + 1] = (value >>> 16) & 255;
  key[at + 2] = (value >>> 8) & 255;
  key[at + 3] = value & 255;
}
const takeU32 = (key: Uint8Array, at: number): number =>
  (((key[at] as number) << 24) | ((key[at + 1] as number) << 16) | ((key[at + 2] as number) << 8) | (key[at + 3] as number)) >>> 0;

/** 48 bits: until the year 10889. */
const TIME_MAX = 2 ** 48 - 1;
function putTime(key: Uint8Array, at: number, time: EpochMs): void {
  const value = Math.min(TIME_MAX, Math.max(0, Math.floor(time)));
  putU32(key, at, Math.floor(value / 65_536));
  key[at + 4] = (value >>> 8) & 255;
  key[at + 5] = value & 255;
}
const takeTime = (key: Uint8Array, at: number): EpochMs =>
  takeU32(key, at) * 65_536 + (((key[at + 4] as number) << 8) | (key[at + 5] as number));

function runKey(run: RunId): Uint8Array {
  const key = new Uint8Array(RUN_BYTES);
  putRun(key, 0, run);
  return key;
}
function runNumberKey(run: RunId, number: number): Uint8Array {
  const key = new Uint8Array(RUN_BYTES + 4);
  putRun(key, 0, run);
  putU32(key, RUN_BYTES, number);
  return key;
}
const runRange = (run: RunId): Range => ({ start: runNumberKey(run, 0), end: runNumberKey(run, 0xffffffff) });

export const historyKey = (run: RunId, firstEventId: EventId): Uint8Array => runNumberKey(run, firstEventId);
export const historyRange = runRange;
export const activityKey = (run: RunId, scheduledEventId: EventId): Uint8Array => runNumberKey(run, scheduledEventId);
export const activityRange = runRange;
export const factsKey = runKey;
export const awakeKey = runKey;
export const parseAwakeKey = (key: Uint8Array): RunId => takeRun(key, 0);

export function currentKey(namespaceNumber: number, workflowId: WorkflowId): Uint8Array {
  const text = encodeUtf8(workflowId);
  const key = new Uint8Array(4 + text.length);
  putU32(key, 0, namespaceNumber);
  key.set(text, 4);
  return key;
}

const DUE_KINDS: readonly DueKind[] = ['wake', 'retention'];
export function dueKey(at: EpochMs, run: RunId, kind: DueKind): Uint8Array {
  const key = new Uint8Array(6 + RUN_BYTES + 1);
  putTime(key, 0, at);
  putRun(key, 6, run);
  key[6 + RUN_BYTES] = DUE_KINDS.indexOf(kind);
  return key;
}
export function dueRange(until: EpochMs): { readonly end: Uint8Array } {
  const end = new Uint8Array(6);
  putTime(end, 0, until + 1);
  return { end };
}
export function parseDueKey(key: Uint8Array): { readonly at: EpochMs; readonly run: RunId; readonly kind: DueKind } {
  const kind = DUE_KINDS[key[6 + RUN_BYTES] as number];
  assert(kind !== undefined, 'a due row of an unknown kind');
  return { at: takeTime(key, 0), run: takeRun(key, 6), kind };
}

export function visibilityKey(namespaceNumber: number, state: 'open' | 'closed', time: EpochMs, run: RunId): Uint8Array {
  const key = new Uint8Array(4 + 1 + 6 + RUN_BYTES);
  putU32(key, 0, namespaceNumber);
  key[4] = state === 'open' ? 0 : 1;
  putTime(key, 5, TIME_MAX - Math.floor(time));
  putRun(key, 11, run);
  return key;
}
export function visibilityRange(
  namespaceNumber: number,
  state: 'open' | 'closed',
  { from, to }: { readonly from?: EpochMs; readonly to?: EpochMs } = {},
): Range {
  const bound = (inverted: number): Uint8Array => {
    const key = new Uint8Array(11);
    putU32(key, 0, namespaceNumber);
    key[4] = state === 'open' ? 0 : 1;
    putTime(key, 5, inverted);
    return key;
  };
  const start = bound(to === undefined ? 0 : TIME_MAX - Math.floor(to));
  if (from !== undefined) return { start, end: bound(TIME_MAX - Math.floor(from) + 1) };
  const end = start.slice(0, 5);
  end[4] = state === 'open' ? 1 : 2;
  return { start, end };
}

export const namespaceKey = (name: Namespace): Uint8Array => encodeUtf8(name);
export const metaKey = (name: string): Uint8Array => encodeUtf8(name);
