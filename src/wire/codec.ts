// Posts and batches as bytes, each in a buffer of its own that can be transferred. Pure. Both ends of a thread border run this code
// and nothing of it is stored, so it changes freely. Structured clone of the same data costs ten times as much.
import { Reader, Writer } from '../storage/format/cells';
import type { Cells, Tables } from '../storage/format/cells';
import {
  beginRecord,
  putCells,
  putU32,
  recordBytes,
  setU32,
  takeTransferable,
  unpack,
} from '../storage/format/msgpack';
import { readEffects, writeEffects } from './codec-effects';
import { readEntries, writeEntries } from './codec-entries';
import { putOps, takeOps } from './codec-ops';
import type { Batch, EvictProposal, LaneStats, Post, UnusedGrant, Wanted } from './traffic';

type PostCells = readonly [
  generation: number,
  now: number,
  stalledMs: number,
  entries: Cells,
  tables: Tables,
];

export function encodePost({ generation, now, stalledMs, entries }: Post): Uint8Array<ArrayBuffer> {
  const writer = new Writer();
  const cells = writeEntries(entries, writer);
  beginRecord();
  putCells([generation, now, stalledMs, cells, writer.tables] satisfies PostCells);
  return takeTransferable();
}

export function decodePost(bytes: Uint8Array): Post {
  const [generation, now, stalledMs, cells, tables] = unpack<PostCells>(bytes);
  return { generation, now, stalledMs, entries: readEntries(cells, new Reader(tables)) };
}

/**
 * Before the cells: whether this is the last batch of its post, and how many bytes they are. The ops follow them, as they are: the host
 * only moves those bytes.
 */
const HEAD = { isLast: 0, length: 4 } as const;
const CELLS_AT = 8;

const batchCells = (batch: Batch, writer: Writer) =>
  [
    batch.generation,
    batch.seenSeq,
    batch.consumed,
    batch.ops.length,
    writeEffects(batch.effects, writer),
    writeEvictions(batch.evict),
    batch.wanted.map(({ handle, runId }) => [handle, runId] as const),
    batch.unused.map(
      ({ namespace, taskQueue, count }) => [writer.name(namespace), writer.name(taskQueue), count] as const,
    ),
    writeStats(batch.stats),
    writer.tables,
  ] as const;
type BatchCells = ReturnType<typeof batchCells>;

export function encodeBatch(batch: Batch): Uint8Array<ArrayBuffer> {
  const cells = batchCells(batch, new Writer());
  beginRecord();
  putU32(batch.isLast ? 1 : 0);
  putU32(0);
  putCells(cells);
  setU32(HEAD.length, recordBytes() - CELLS_AT);
  putOps(batch.ops);
  return takeTransferable();
}

/** Without reading the rest: a lane that has answered is handed its next post before. */
export const isLastOfPost = (batch: Uint8Array): boolean => batch[HEAD.isLast] === 1;

/** Keys and values of the ops share the bytes of the batch. */
export function decodeBatch(bytes: Uint8Array): Batch {
  const opsAt = CELLS_AT + new DataView(bytes.buffer, bytes.byteOffset).getUint32(HEAD.length, true);
  const cells = unpack<BatchCells>(bytes, CELLS_AT, opsAt);
  const reader = new Reader(cells[9]);
  return {
    generation: cells[0],
    isLast: isLastOfPost(bytes),
    seenSeq: cells[1],
    consumed: cells[2],
    ops: takeOps(bytes, opsAt, cells[3]),
    effects: readEffects(cells[4], reader),
    evict: readEvictions(cells[5]),
    wanted: cells[6].map(([handle, runId]): Wanted => ({ handle, runId })),
    unused: cells[7].map(([namespace, taskQueue, count]): UnusedGrant => ({
      namespace: reader.name(namespace),
      taskQueue: reader.name(taskQueue),
      count,
    })),
    stats: readStats(cells[8]),
  };
}

const writeEvictions = (proposals: readonly EvictProposal[]) =>
  proposals.map(({ handle, runId }) => [handle, runId ?? null] as const);
const readEvictions = (cells: ReturnType<typeof writeEvictions>): readonly EvictProposal[] =>
  cells.map(([handle, runId]) => (runId === null ? { handle } : { handle, runId }));

const writeStats = (stats: LaneStats) =>
  [stats.residentWorkflows, stats.liveRuns, stats.residentBytes, stats.turns, stats.replays] as const;
const readStats = (cells: ReturnType<typeof writeStats>): LaneStats => ({
  residentWorkflows: cells[0],
  liveRuns: cells[1],
  residentBytes: cells[2],
  turns: cells[3],
  replays: cells[4],
});
