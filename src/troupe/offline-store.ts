// Reads a store that no process has open: its runs, their histories, and whether every record is sound. Host thread; behind the
// command `troupe`. Changes nothing of the workflows in it.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { loadRun } from '../actors/run-rows';
import type { RunSummary, VisibilityFilter } from '../model/gateway';
import type { Namespace, RunId, WorkflowId } from '../model/ids';
import { systemClock } from '../scheduler/clock';
import { Namespaces } from '../scheduler/namespaces';
import { inOneGo } from '../scheduler/portion';
import { StoreReader, type StoredHistory } from '../scheduler/stored-runs';
import { listRuns } from '../scheduler/visibility';
import { decodeFrameHead } from '../storage/format/frame';
import { historyRange, runIdFrom } from '../storage/format/keys';
import { decodeCurrent, decodeVisibility } from '../storage/format/values';
import { FILES } from '../storage/lmdb/folder';
import { openLmdbStore } from '../storage/lmdb/open-store';
import { StoreLockedError } from '../storage/errors';
import type { Store, StoreClock, Table } from '../storage/store';

/** The folder cannot be read: it holds no store, or somebody has it open. */
export class OfflineError extends Error {
  override readonly name = 'OfflineError';
}

/** What `check` found out about one run, or about a row that belongs to none. */
export type Finding =
  | { readonly kind: 'sound'; readonly runId: RunId }
  | { readonly kind: 'damaged'; readonly what: string; readonly reason: string };

export interface OfflineStore {
  readonly namespaces: readonly Namespace[];
  /** Open ones first, then the closed; the newest first. */
  runs(namespace: Namespace, filter: VisibilityFilter): Iterable<RunSummary>;
  /** The newest run of a workflow id. */
  current(namespace: Namespace, workflowId: WorkflowId): RunId | undefined;
  /** @throws {HistoryDamagedError} */
  history(runId: RunId): StoredHistory | undefined;
  /** Every frame of every run against its chain of checksums, and every run folded; then the rows that point to runs. */
  check(): Iterable<Finding>;
}

/**
 * @throws {OfflineError} there is no store, or a process has it open
 * @throws {StoreError} the folder cannot be opened: it says why and what to do
 */
export async function readOffline<T>(folder: string, use: (store: OfflineStore) => T): Promise<T> {
  if (!existsSync(folder)) throw new OfflineError(`${folder}: there is no such folder`);
  // Opening makes a store where there is none.
  if (!existsSync(join(folder, FILES.identity))) throw new OfflineError(`${folder}: there is no store in it`);
  const store = await open(folder);
  try {
    return use(offlineStore(store));
  } finally {
    await store.close();
  }
}

async function open(folder: string): Promise<Store> {
  try {
    return await openLmdbStore({ path: folder, clock });
  } catch (error) {
    if (!(error instanceof StoreLockedError)) throw error;
    const { owner } = error;
    const holder = owner === undefined ? 'another process' : `process ${owner.pid} on ${owner.host}`;
    throw new OfflineError(`${folder} is open in ${holder}: a store is read when nobody has it open`);
  }
}

const clock: StoreClock = {
  now: () => systemClock.now(),
  monotonicMs: () => systemClock.monotonicMs(),
  setTimer: (delayMs, fire) => systemClock.setTimer(delayMs, fire),
  sleep: (delayMs) => new Promise((resolve) => void systemClock.setTimer(delayMs, resolve)),
};

function offlineStore(store: Store): OfflineStore {
  const nothing = (): undefined => undefined;
  const namespaces = new Namespaces({ store, retentionMs: 0, submit: nothing, announce: nothing });
  namespaces.start();
  const reader = new StoreReader(store, namespaces);
  return {
    namespaces: [...namespaces.all()].map(({ namespace }) => namespace),
    *runs(namespace, filter) {
      const number = namespaces.find(namespace)?.number;
      let pageToken: string | undefined;
      do {
        if (number === undefined) return;
        const page = inOneGo(listRuns(store, number, filter, PAGE_SIZE, pageToken));
        yield* page.runs;
        pageToken = page.nextPageToken;
      } while (pageToken !== undefined);
    },
    current: (namespace, workflowId) => reader.current(namespace, workflowId),
    history: (runId) => inOneGo(reader.readHistory(runId)),
    *check() {
      yield* checkRuns(store, reader);
      yield* checkPointers(store, 'V', 'listing', (value) => decodeVisibility(value).execution.runId);
      yield* checkPointers(store, 'I', 'current run', decodeCurrent);
    },
  };
}

const PAGE_SIZE = 500;
const RUN_BYTES = 16;

function* checkRuns(store: Store, reader: StoreReader): Iterable<Finding> {
  let start: Uint8Array | undefined;
  for (;;) {
    const [first] = store.range('H', { ...(start !== undefined && { start }), limit: 1 });
    if (first === undefined) return;
    const runId = runIdFrom(first[0].subarray(0, RUN_BYTES));
    yield checkRun(reader, runId, first[1]);
    start = historyRange(runId).end;
  }
}

function checkRun(reader: StoreReader, runId: RunId, firstFrame: Uint8Array): Finding {
  try {
    loadRun(inOneGo(reader.readRun(runId)));
    return { kind: 'sound', runId };
  } catch (error) {
    return { kind: 'damaged', what: nameOf(runId, firstFrame), reason: reasonOf(error) };
  }
}

/** As much as can be read of what a damaged run is. */
function nameOf(runId: RunId, firstFrame: Uint8Array): string {
  try {
    const { namespace, workflowId } = decodeFrameHead(firstFrame);
    return `run ${runId} of workflow '${workflowId}' in namespace '${namespace}'`;
  } catch {
    return `run ${runId}`;
  }
}

/** Rows that say of which run they are. */
function* checkPointers(
  store: Store,
  table: Table,
  name: string,
  runOf: (value: Uint8Array) => RunId,
): Iterable<Finding> {
  for (const [, value] of store.range(table)) {
    try {
      const runId = runOf(value);
      const [frame] = store.range('H', { ...historyRange(runId), limit: 1 });
      if (frame !== undefined) continue;
      yield {
        kind: 'damaged',
        what: `run ${runId}`,
        reason: `its history is missing, its row "${name}" is there`,
      };
    } catch (error) {
      yield { kind: 'damaged', what: `a row "${name}"`, reason: reasonOf(error) };
    }
  }
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
