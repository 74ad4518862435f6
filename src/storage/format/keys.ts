// Keys of every table. Bytes compare as unsigned and numbers are big-endian, so that the order of keys is the order of what they
// name. Pure. Run ids lead: version 7 UUIDs grow, so inserts go to the right edge, which is 5 times as fast as random keys.
import { encodeUtf8 } from '../../common/payload/utf8';
import { assert } from '../../model/assert';
import type { EventId, Namespace, RunId, WorkflowId } from '../../model/ids';
import type { EpochMs } from '../../model/time';

/**
 * Where a run stands in the listing. `awake`: it is open, and something is to be done for it, so it is loaded when the store is opened.
 * `atRest`: it is open, not in memory, and needs nothing until its next message or until what is due in it.
 */
export type Listing = 'awake' | 'atRest' | 'closed';

/** `start <= key < end`. */
export interface KeyBounds {
  readonly start: Uint8Array;
  readonly end: Uint8Array;
}

const NUMBER_BYTES = 4;
const TIME_BYTES = 6;
const RUN_BYTES = 16;
const KIND_BYTES = 1;
const DUE_KEY_BYTES = TIME_BYTES + RUN_BYTES + KIND_BYTES;
/** In a key of table V: its time, and the run. */
const PLACE_AT = NUMBER_BYTES + KIND_BYTES;

/** H: one frame of a run, by its first event. */
export const historyKey = (run: RunId, firstEventId: EventId): Uint8Array => runNumberKey(run, firstEventId);
export const historyRange = (run: RunId): KeyBounds => runRange(run);

/** A: one activity of a run. */
export const activityKey = (run: RunId, scheduledEventId: EventId): Uint8Array =>
  runNumberKey(run, scheduledEventId);
export const activityRange = (run: RunId): KeyBounds => runRange(run);

/** F: the facts of a run. */
export const factsKey = (run: RunId): Uint8Array => runIdBytes(run);

/** W: a closed run that owes something. */
export const owingKey = (run: RunId): Uint8Array => runIdBytes(run);
export const parseOwingKey = (key: Uint8Array): RunId => runIdFrom(key);

/** I: the current run of a workflow id. */
export function currentKey(namespaceNumber: number, workflowId: WorkflowId): Uint8Array {
  const text = encodeUtf8(workflowId);
  const key = new Uint8Array(NUMBER_BYTES + text.length);
  putU32(key, 0, namespaceNumber);
  key.set(text, NUMBER_BYTES);
  return key;
}

/** What a row of table T is about: there is one kind so far. */
const WAKE = 0;

/** T: a run that is not in memory and has something due. */
export function dueKey(at: EpochMs, run: RunId): Uint8Array {
  const key = new Uint8Array(DUE_KEY_BYTES);
  putTime(key, 0, at);
  putRun(key, TIME_BYTES, run);
  key[TIME_BYTES + RUN_BYTES] = WAKE;
  return key;
}

/** What is due at a moment or before it; and after another, if there is one. */
export function dueRange(
  until: EpochMs,
  after?: EpochMs,
): { readonly start?: Uint8Array; readonly end: Uint8Array } {
  const end = firstDueAfter(until);
  return after === undefined ? { end } : { start: firstDueAfter(after), end };
}

function firstDueAfter(moment: EpochMs): Uint8Array {
  // Beyond the last moment there is, only a key that is longer than all others.
  if (moment >= TIME_MAX) return new Uint8Array(DUE_KEY_BYTES + 1).fill(0xff);
  const key = new Uint8Array(TIME_BYTES);
  putTime(key, 0, moment + 1);
  return key;
}

export interface ParsedDueKey {
  readonly at: EpochMs;
  readonly run: RunId;
}

export function parseDueKey(key: Uint8Array): ParsedDueKey {
  assert(key.length === DUE_KEY_BYTES, 'a key of table T has the wrong length');
  assert(key[TIME_BYTES + RUN_BYTES] === WAKE, 'a due row of an unknown kind');
  return { at: takeTime(key, 0), run: takeRun(key, TIME_BYTES) };
}

/** Never changed: they are stored. The next number ends the range of the last. */
const LISTING_NUMBER: Readonly<Record<Listing, number>> = { awake: 0, atRest: 1, closed: 2 };

/** V: a run in the listing; the latest comes first. `at`: its start while it is open, its end when it is closed. */
export function visibilityKey(
  namespaceNumber: number,
  listing: Listing,
  at: EpochMs,
  run: RunId,
): Uint8Array {
  const key = new Uint8Array(PLACE_AT + TIME_BYTES + RUN_BYTES);
  putListing(key, namespaceNumber, LISTING_NUMBER[listing]);
  putTime(key, PLACE_AT, TIME_MAX - clampTime(at));
  putRun(key, PLACE_AT + TIME_BYTES, run);
  return key;
}

/** The runs of one listing whose time is at least `from` and at most `to`. */
export function visibilityRange(
  namespaceNumber: number,
  listing: Listing,
  { from = 0, to = TIME_MAX }: { readonly from?: EpochMs; readonly to?: EpochMs } = {},
): KeyBounds {
  const number = LISTING_NUMBER[listing];
  const start = new Uint8Array(PLACE_AT + TIME_BYTES);
  putListing(start, namespaceNumber, number);
  putTime(start, PLACE_AT, TIME_MAX - clampTime(to));
  const end = new Uint8Array(PLACE_AT + TIME_BYTES);
  const isOpenEnded = from <= 0;
  putListing(end, namespaceNumber, isOpenEnded ? number + 1 : number);
  putTime(end, PLACE_AT, isOpenEnded ? 0 : TIME_MAX - clampTime(from) + 1);
  return { start, end };
}

/** The place of a key of table V in the listing that another one is of. */
export function placedLike(key: Uint8Array, other: Uint8Array): Uint8Array {
  const placed = key.slice();
  placed[NUMBER_BYTES] = other[NUMBER_BYTES] as number;
  return placed;
}

/** Of a key of table V: where it stands in its listing. These bytes compare as the keys do. */
export const placeOf = (key: Uint8Array): Uint8Array => key.subarray(PLACE_AT);

/** The next key that there can be, in any table. */
export function behind(key: Uint8Array): Uint8Array {
  const next = new Uint8Array(key.length + 1);
  next.set(key);
  return next;
}

/** N: a namespace. */
export const namespaceKey = (name: Namespace): Uint8Array => encodeUtf8(name);

const RUN_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Whether there can be a run of this id: callers may name any text. */
export const isStorableRunId = (run: RunId): boolean => RUN_ID.test(run);

/** A run id as it is stored. */
export function runIdBytes(run: RunId): Uint8Array {
  const bytes = new Uint8Array(RUN_BYTES);
  putRun(bytes, 0, run);
  return bytes;
}

export function runIdFrom(bytes: Uint8Array): RunId {
  assert(bytes.length === RUN_BYTES, `a run id of ${bytes.length} bytes`);
  return takeRun(bytes, 0);
}

function runNumberKey(run: RunId, number: number): Uint8Array {
  const key = new Uint8Array(RUN_BYTES + NUMBER_BYTES);
  putRun(key, 0, run);
  putU32(key, RUN_BYTES, number);
  return key;
}

/** Event ids stay far below the greatest number. */
const runRange = (run: RunId): KeyBounds => ({
  start: runNumberKey(run, 0),
  end: runNumberKey(run, 0xffff_ffff),
});

const UUID_LENGTH = 36;
const DASH = 0x2d;
const isDashAt = (index: number): boolean => index === 8 || index === 13 || index === 18 || index === 23;
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

function putRun(key: Uint8Array, at: number, run: RunId): void {
  if (run.length !== UUID_LENGTH) refuseRun(run);
  let position = at;
  for (let index = 0; index < UUID_LENGTH; index += 2) {
    if (isDashAt(index)) {
      if (run.charCodeAt(index) !== DASH) refuseRun(run);
      index += 1;
    }
    const byte = (digit(run.charCodeAt(index)) << 4) | digit(run.charCodeAt(index + 1));
    if (byte < 0) refuseRun(run);
    key[position] = byte;
    position += 1;
  }
}

/** Negative: no digit. Capitals are none: two texts must never be one key. */
function digit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  return code >= 0x61 && code <= 0x66 ? code - 0x57 : -1;
}

function refuseRun(run: RunId): never {
  assert(false, `a run id that is not a UUID in small letters: ${run}`);
}

function takeRun(key: Uint8Array, at: number): RunId {
  let text = '';
  for (let index = 0; index < RUN_BYTES; index += 1) {
    if (index === 4 || index === 6 || index === 8 || index === 10) text += '-';
    text += HEX[key[at + index] as number] as string;
  }
  return text as RunId;
}

/** 48 bits, as in the run ids: until the year 10889. */
const TIME_MAX: EpochMs = 2 ** 48 - 1;
const clampTime = (time: EpochMs): EpochMs => Math.min(TIME_MAX, Math.max(0, Math.floor(time)));

function putTime(key: Uint8Array, at: number, time: EpochMs): void {
  const value = clampTime(time);
  putU32(key, at, Math.floor(value / 0x1_0000));
  key[at + 4] = value >>> 8;
  key[at + 5] = value;
}

const takeTime = (key: Uint8Array, at: number): EpochMs =>
  takeU32(key, at) * 0x1_0000 + (((key[at + 4] as number) << 8) | (key[at + 5] as number));

function putListing(key: Uint8Array, namespaceNumber: number, listing: number): void {
  putU32(key, 0, namespaceNumber);
  key[NUMBER_BYTES] = listing;
}

function putU32(key: Uint8Array, at: number, value: number): void {
  key[at] = value >>> 24;
  key[at + 1] = value >>> 16;
  key[at + 2] = value >>> 8;
  key[at + 3] = value;
}

const takeU32 = (key: Uint8Array, at: number): number =>
  (((key[at] as number) << 24) |
    ((key[at + 1] as number) << 16) |
    ((key[at + 2] as number) << 8) |
    (key[at + 3] as number)) >>>
  0;
