// One frame: what one run wrote in one commit, as it is stored in table H. Pure. Nothing of a damaged frame is ever returned.
//
//   length u32 · kind u8 · version u8 · 0 u16 · bytes of head u32      (little-endian)
//   head · body        two MessagePack arrays; the body is events, names, payloads: payloads are beside the events, not in them
//   checksum u32       CRC-32 of everything before it, seeded with the checksum of the run's previous frame
import type { HistoryEvent, RunStatus } from '../../model/event';
import type { EventId, Namespace, RunId, WorkflowId } from '../../model/ids';
import { runIdBytes } from './keys';
import type { EpochMs } from '../../model/time';
import { Reader, Writer } from './cells';
import type { Mutable } from '../../model/mutable';
import type { Cells, Tables } from './cells';
import { RUN_STATUS } from './codes';
import { readEvents, writeEvents } from './events';
import {
  beginRecord,
  peekRecord,
  putCells,
  putU32,
  recordBytes,
  setU32,
  takeRecord,
  unpack,
} from './msgpack';

export interface FrameHead {
  /** Of the opening of the store that wrote it. */
  readonly epoch: number;
  readonly namespace: Namespace;
  readonly workflowId: WorkflowId;
  readonly runId?: RunId;
  /** After these events, as the next. */
  readonly status: RunStatus;
  readonly lastEventId: EventId;
  /** Bytes of the run's earlier frames. */
  readonly sizeBefore: number;
  readonly createRequestId: string;
}

export interface Frame {
  readonly head: FrameHead;
  readonly events: readonly HistoryEvent[];
}

export interface DecodedFrame extends Frame {
  /** What the run's next frame is chained to. */
  readonly crc: number;
}

/** CRC-32 of the bytes, going on from `seed`: what node:zlib calls crc32. */
export type Crc32 = (bytes: Uint8Array, seed: number) => number;

/** The bytes are not those that were written, or do not follow the frame that they followed. */
export class FrameDamagedError extends Error {
  override readonly name = 'FrameDamagedError';
}

const KIND_EVENTS = 1;
const VERSION = 1;
const AT = { length: 0, kind: 4, version: 5, headBytes: 8, head: 12 } as const;
const CHECKSUM_BYTES = 4;

type BodyCells = readonly [events: Cells, tables: Tables];

/** What the first frame of a run is chained to: the run itself, so that frames of two runs cannot change places. */
export const chainStart = (run: RunId, crc32: Crc32): number => crc32(runIdBytes(run), 0);

/** @param previousCrc of the run's previous frame; 0 for its first */
export function encodeFrame(
  { head, events }: Frame,
  previousCrc: number,
  crc32: Crc32,
): { readonly bytes: Uint8Array; readonly crc: number } {
  const baseTime = Math.floor(events[0]?.at ?? 0);
  const writer = new Writer(baseTime);
  const eventCells = writeEvents(events, writer);
  beginRecord();
  putU32(0);
  putU32(KIND_EVENTS | (VERSION << 8));
  putU32(0);
  putCells(headCells(head, baseTime));
  setU32(AT.headBytes, recordBytes() - AT.head);
  putCells([eventCells, writer.tables] satisfies BodyCells);
  setU32(AT.length, recordBytes() + CHECKSUM_BYTES);
  const crc = crc32(peekRecord(), previousCrc);
  putU32(crc);
  return { bytes: takeRecord(), crc };
}

/** @throws {FrameDamagedError} */
export function decodeFrame(bytes: Uint8Array, previousCrc: number, crc32: Crc32): DecodedFrame {
  const end = checkedEnd(bytes);
  const crc = crc32(bytes.subarray(0, end), previousCrc);
  if (crc !== takeU32(bytes, end)) throw new FrameDamagedError('the checksum of a frame does not fit');
  const cells = unpackHead(bytes, end);
  const [events, tables] = unpack<BodyCells>(bytes, AT.head + takeU32(bytes, AT.headBytes), end);
  return { head: headFrom(cells), events: readEvents(events, new Reader(tables, cells[7])), crc };
}

/**
 * The head alone, unchecked: for what is answered from a run's newest frame without its history.
 * @throws {FrameDamagedError} when the bytes are no frame at all
 */
export const decodeFrameHead = (bytes: Uint8Array): FrameHead => headFrom(headCellsOf(bytes));

function headCellsOf(bytes: Uint8Array): HeadCells {
  const end = checkedEnd(bytes);
  try {
    return unpackHead(bytes, end);
  } catch (error) {
    throw new FrameDamagedError('the head of a frame cannot be read', { cause: error });
  }
}

/**
 * When the first of its events happened, in whole milliseconds; unchecked.
 * @throws {FrameDamagedError} when the bytes are no frame at all
 */
export const frameTime = (bytes: Uint8Array): EpochMs => headCellsOf(bytes)[7];

/**
 * What the run's next frame is chained to, unchecked.
 * @throws {FrameDamagedError} when the bytes are no frame at all
 */
export const frameCrc = (bytes: Uint8Array): number => takeU32(bytes, checkedEnd(bytes));

/** Where the checksum begins. */
function checkedEnd(bytes: Uint8Array): number {
  if (bytes.length < AT.head + CHECKSUM_BYTES) throw new FrameDamagedError('a frame is cut short');
  if (takeU32(bytes, AT.length) !== bytes.length) throw new FrameDamagedError('a frame has the wrong length');
  if (bytes[AT.kind] !== KIND_EVENTS || bytes[AT.version] !== VERSION) {
    throw new FrameDamagedError(`a frame has kind ${bytes[AT.kind]} and version ${bytes[AT.version]}`);
  }
  const end = bytes.length - CHECKSUM_BYTES;
  if (AT.head + takeU32(bytes, AT.headBytes) > end)
    throw new FrameDamagedError('the head of a frame is too long');
  return end;
}

const headCells = (head: FrameHead, baseTime: EpochMs) =>
  [
    head.epoch,
    head.namespace,
    head.workflowId,
    head.runId ?? null,
    RUN_STATUS.code(head.status),
    head.lastEventId,
    head.sizeBefore,
    baseTime,
    head.createRequestId,
  ] as const;
type HeadCells = ReturnType<typeof headCells>;

const unpackHead = (bytes: Uint8Array, end: number): HeadCells =>
  unpack(bytes, AT.head, Math.min(end, AT.head + takeU32(bytes, AT.headBytes)));

function headFrom(cells: HeadCells): FrameHead {
  const head: Mutable<FrameHead> = {
    epoch: cells[0],
    namespace: cells[1],
    workflowId: cells[2],
    status: RUN_STATUS.word(cells[4]),
    lastEventId: cells[5],
    sizeBefore: cells[6],
    createRequestId: cells[8],
  };
  if (cells[3] !== null) head.runId = cells[3];
  return head;
}

const takeU32 = (bytes: Uint8Array, at: number): number =>
  ((bytes[at] as number) |
    ((bytes[at + 1] as number) << 8) |
    ((bytes[at + 2] as number) << 16) |
    ((bytes[at + 3] as number) << 24)) >>>
  0;
