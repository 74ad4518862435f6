// What the host reads of runs: rows for lanes, whole histories, ends, awake and due rows. Host thread. Always the durable state.
import { crc32 } from 'node:zlib';
import type { CloseEvent, HistoryEvent } from '../model/event';
import type { Address, Execution, Namespace, RunId, WorkflowId } from '../model/ids';
import type { EpochMs } from '../model/time';
import {
  chainStart,
  decodeFrame,
  decodeFrameHead,
  FrameDamagedError,
  frameCrc,
  frameTime,
  type FrameHead,
} from '../storage/format/frame';
import {
  activityRange,
  behind,
  currentKey,
  dueRange,
  factsKey,
  historyRange,
  isStorableRunId,
  owingKey,
  parseDueKey,
  parseOwingKey,
  visibilityKey,
  visibilityRange,
} from '../storage/format/keys';
import { decodeCurrent, decodeOwner, decodeVisibility } from '../storage/format/values';
import type { KeyRange, Store } from '../storage/store';
import type { StoredRun } from '../wire/traffic';
import type { Namespaces } from './namespaces';
import type { Steps } from './portion';
import type { StoredRuns } from './residents';
import type { AwakeRun } from './router';

/** Why a run's history cannot be read. The other runs of the store can. */
export class HistoryDamagedError extends Error {
  override readonly name = 'HistoryDamagedError';
}

export interface StoredHistory {
  readonly namespace: Namespace;
  readonly workflowId: WorkflowId;
  readonly events: readonly HistoryEvent[];
}

export interface DueRow {
  readonly at: EpochMs;
  readonly namespace: Namespace;
  readonly execution: Execution;
}

/** A row of the listing whose run has been kept for long enough. */
export interface ExpiredRow {
  readonly key: Uint8Array;
  readonly namespace: Namespace;
  readonly execution: Execution;
}

/** Of one history, until something else may happen. */
const FRAMES_AT_ONCE = 500;

function intact<T>(runId: RunId, decode: () => T): T {
  try {
    return decode();
  } catch (error) {
    throw new HistoryDamagedError(
      `The stored history of run ${runId} is damaged: ${error instanceof Error ? error.message : String(error)}`,
      { cause: error },
    );
  }
}

export class StoreReader implements StoredRuns {
  readonly #store: Store;
  readonly #namespaces: Namespaces;

  constructor(store: Store, namespaces: Namespaces) {
    this.#store = store;
    this.#namespaces = namespaces;
  }

  current(namespace: Namespace, workflowId: WorkflowId): RunId | undefined {
    const entry = this.#namespaces.find(namespace);
    if (entry === undefined) return undefined;
    const value = this.#store.get('I', currentKey(entry.number, workflowId));
    return value && decodeCurrent(value);
  }

  /** The end of the history and all other rows are of one moment: they have to fit together. */
  *readRun(runId: RunId): Steps<StoredRun> {
    if (!isStorableRunId(runId)) return { runId, frames: [], activities: [], awake: false };
    const frames: Uint8Array[] = [];
    let range: KeyRange = historyRange(runId);
    for (;;) {
      const rows = [...this.#store.range('H', { ...range, limit: FRAMES_AT_ONCE })];
      for (const [, frame] of rows) frames.push(frame);
      const last = rows.at(-1);
      if (last === undefined || rows.length < FRAMES_AT_ONCE) break;
      yield;
      range = { ...range, start: behind(last[0]) };
    }
    const activities: Uint8Array[] = [];
    if (frames.length > 0) {
      for (const [, value] of this.#store.range('A', activityRange(runId))) activities.push(value);
    }
    const facts = this.#store.get('F', factsKey(runId));
    const awake = this.#isAwake(runId, frames);
    return { runId, frames, activities, awake, ...(facts !== undefined && { facts }) };
  }

  /** Of frames that are damaged, their lane will say so. */
  #isAwake(runId: RunId, frames: readonly Uint8Array[]): boolean {
    const [first] = frames;
    const last = frames.at(-1);
    if (first === undefined || last === undefined) return false;
    try {
      const { status, namespace } = decodeFrameHead(last);
      if (status !== 'RUNNING') return this.#store.get('W', owingKey(runId)) !== undefined;
      const entry = this.#namespaces.find(namespace);
      if (entry === undefined) return false;
      const key = visibilityKey(entry.number, 'awake', frameTime(first), runId);
      return this.#store.get('V', key) !== undefined;
    } catch (error) {
      if (error instanceof FrameDamagedError) return false;
      throw error;
    }
  }

  /**
   * Absent: there is none, or it was deleted meanwhile.
   * @throws {HistoryDamagedError}
   */
  *readHistory(runId: RunId): Steps<StoredHistory | undefined> {
    if (!isStorableRunId(runId)) return undefined;
    const events: HistoryEvent[] = [];
    let crc = chainStart(runId, crc32);
    let last: { readonly key: Uint8Array; readonly head: FrameHead } | undefined;
    for (const [key, bytes] of this.#store.range('H', historyRange(runId))) {
      const { head, events: more, crc: next } = intact(runId, () => decodeFrame(bytes, crc, crc32));
      crc = next;
      last = { key, head };
      for (const event of more) events.push(event);
      yield;
    }
    // A run that was deleted meanwhile is gone: what was read of it may be less than all.
    if (last === undefined || this.#store.get('H', last.key) === undefined) return undefined;
    const { namespace, workflowId } = last.head;
    return { namespace, workflowId, events };
  }

  /**
   * How a run of this workflow ended; 'open' while it has not; absent: there is no such run. Reads its last frame alone, however long
   * its history is: that frame is checked against the checksum of the one before it.
   * @throws {HistoryDamagedError}
   */
  end({ namespace, workflowId }: Address, runId: RunId): CloseEvent | 'open' | undefined {
    if (!isStorableRunId(runId)) return undefined;
    const last = this.#store.range('H', { ...historyRange(runId), reverse: true, limit: 2 });
    const [bytes, before] = Array.from(last, ([, frame]) => frame);
    if (bytes === undefined) return undefined;
    return intact(runId, () => {
      const head = decodeFrameHead(bytes);
      if (head.namespace !== namespace || head.workflowId !== workflowId) return undefined;
      if (head.status === 'RUNNING') return 'open';
      const previousCrc = before === undefined ? chainStart(runId, crc32) : frameCrc(before);
      return decodeFrame(bytes, previousCrc, crc32).events.at(-1) as CloseEvent;
    });
  }

  /** Open runs for which something is to be done, of each namespace the oldest first; then closed ones that owe something. */
  *awake(): Iterable<AwakeRun> {
    for (const { namespace, number } of this.#namespaces.all()) {
      for (const [, value] of this.#store.range('V', {
        ...visibilityRange(number, 'awake'),
        reverse: true,
      })) {
        yield { namespace, ...decodeVisibility(value).execution };
      }
    }
    for (const [key, value] of this.#store.range('W')) {
      const { namespace, workflowId } = decodeOwner(value);
      yield { namespace, workflowId, runId: parseOwingKey(key) };
    }
  }

  /** Runs not in memory that are due at a moment or before it, in their order; and after another, if there is one. */
  *due(until: EpochMs, after?: EpochMs): Iterable<DueRow> {
    for (const [key, value] of this.#store.range('T', dueRange(until, after))) {
      const { at, run } = parseDueKey(key);
      const { namespace, workflowId } = decodeOwner(value);
      yield { at, namespace, execution: { workflowId, runId: run } };
    }
  }

  /** Closed runs whose namespace keeps them no longer, of each namespace the oldest end first. */
  *expired(now: EpochMs): Iterable<ExpiredRow> {
    for (const { namespace, number, retentionMs } of this.#namespaces.all()) {
      if (now < retentionMs) continue;
      const range = visibilityRange(number, 'closed', { to: now - retentionMs });
      for (const [key, value] of this.#store.range('V', { ...range, reverse: true })) {
        yield { key, namespace, execution: decodeVisibility(value).execution };
      }
    }
  }
}
