// Entries of a post as cells: number of the kind, then a message's cells or a body; and so on, flat. Pure.
import { codec } from '../storage/format/cells';
import type { Mutable } from '../model/mutable';
import type { Cell, Cells, Reader, Writer } from '../storage/format/cells';
import { MESSAGE_CELLS, pushMessage, readMessage } from './codec-messages';
import { codecTable } from './codec-table';
import type {
  BundleEntry,
  HistoryEntry,
  LoadEntry,
  MessageEntry,
  PostEntry,
  StoredRun,
  WorkerEntry,
} from './traffic';

/** Messages are nearly all there is: they are not wrapped. */
type OtherEntry = Exclude<PostEntry, MessageEntry>;
type EntryOf<K extends OtherEntry['kind']> = Extract<OtherEntry, { readonly kind: K }>;

const writeRun = (run: StoredRun) =>
  [run.runId, run.frames, run.activities, run.facts ?? null, run.awake] as const;
function readRun(cells: ReturnType<typeof writeRun>): StoredRun {
  const run: Mutable<StoredRun> = {
    runId: cells[0],
    frames: cells[1],
    activities: cells[2],
    awake: cells[4],
  };
  if (cells[3] !== null) run.facts = cells[3];
  return run;
}

const NOTHING: Cells = [];

const TABLE = codecTable<OtherEntry>({
  load: codec(
    (entry: LoadEntry, writer) => [
      entry.handle,
      writer.name(entry.namespace),
      entry.workflowId,
      entry.current === undefined ? null : writeRun(entry.current),
    ],
    (cells, reader) => {
      const entry: Mutable<LoadEntry> = {
        kind: 'load',
        handle: cells[0],
        namespace: reader.name(cells[1]),
        workflowId: cells[2],
      };
      if (cells[3] !== null) entry.current = readRun(cells[3]);
      return entry;
    },
  ),
  history: codec(
    ({ handle, run }: HistoryEntry) => [handle, writeRun(run)],
    (cells) => ({ kind: 'history', handle: cells[0], run: readRun(cells[1]) }),
  ),
  evicted: codec(
    ({ handle }: EntryOf<'evicted'>) => [handle],
    (cells) => ({ kind: 'evicted', handle: cells[0] }),
  ),
  grant: codec(
    ({ namespace, taskQueue, count }: EntryOf<'grant'>, writer) => [
      writer.name(namespace),
      writer.name(taskQueue),
      count,
    ],
    (cells, reader) => ({
      kind: 'grant',
      namespace: reader.name(cells[0]),
      taskQueue: reader.name(cells[1]),
      count: cells[2],
    }),
  ),
  bundle: codec(
    ({ hash, name, code, sourceMap }: BundleEntry) => [hash, name, code, sourceMap ?? null],
    ([hash, name, code, sourceMap]) =>
      sourceMap === null
        ? { kind: 'bundle', hash, name, code }
        : { kind: 'bundle', hash, name, code, sourceMap },
  ),
  worker: codec(
    (entry: WorkerEntry, writer) => [
      writer.name(entry.namespace),
      writer.name(entry.taskQueue),
      entry.bundleHash ?? null,
      writer.name(entry.identity),
    ],
    (cells, reader) => {
      const entry: Mutable<WorkerEntry> = {
        kind: 'worker',
        namespace: reader.name(cells[0]),
        taskQueue: reader.name(cells[1]),
        identity: reader.name(cells[3]),
      };
      if (cells[2] !== null) entry.bundleHash = cells[2];
      return entry;
    },
  ),
  namespace: codec(
    ({ namespace, number, retentionMs }: EntryOf<'namespace'>, writer) => [
      writer.name(namespace),
      number,
      retentionMs,
    ],
    (cells, reader) => ({
      kind: 'namespace',
      namespace: reader.name(cells[0]),
      number: cells[1],
      retentionMs: cells[2],
    }),
  ),
  tick: codec(
    (_: EntryOf<'tick'>) => NOTHING,
    () => ({ kind: 'tick' }),
  ),
});

/** In the place of another entry's number. */
const MESSAGE = -1;

export function writeEntries(entries: readonly PostEntry[], writer: Writer): Cells {
  const cells: Cell[] = [];
  for (const entry of entries) {
    if (entry.kind === 'message') {
      cells.push(MESSAGE, entry.handle, entry.seq);
      pushMessage(cells, entry.message, writer);
    } else {
      const { number, write } = TABLE.ofKind(entry.kind);
      cells.push(number, write(entry, writer));
    }
  }
  return cells;
}

export function readEntries(cells: Cells, reader: Reader): readonly PostEntry[] {
  const entries: PostEntry[] = [];
  for (let at = 0; at < cells.length;) {
    const number = cells[at] as number;
    if (number === MESSAGE) {
      const message = readMessage(cells, at + 3, reader);
      entries.push({
        kind: 'message',
        handle: cells[at + 1] as number,
        seq: cells[at + 2] as number,
        message,
      });
      at += 3 + MESSAGE_CELLS;
    } else {
      entries.push(TABLE.read(number, cells[at + 1] as Cells, reader));
      at += 2;
    }
  }
  return entries;
}
