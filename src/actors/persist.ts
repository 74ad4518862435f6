// One run's changes of one drain as rows: one frame for all its events, facts only where they differ from their defaults. Shard thread.
// Which rows there are, and when each is written: the table of keys in the design. Never one record per event.
import { crc32 } from 'node:zlib';
import type { HistoryEvent } from '../model/event';
import type { RunSummary } from '../model/gateway';
import type { EventId } from '../model/ids';
import type { EpochMs } from '../model/time';
import type { Mutable } from '../model/mutable';
import { encodeFrame } from '../storage/format/frame';
import {
  activityKey,
  currentKey,
  dueKey,
  factsKey,
  historyKey,
  owingKey,
  visibilityKey,
  type Listing,
} from '../storage/format/keys';
import {
  encodeActivityFact,
  encodeCurrent,
  encodeOwner,
  encodeRunFacts,
  encodeVisibility,
} from '../storage/format/values';
import type { BatchOp, NamespaceEntry } from '../wire/traffic';
import { appended } from '../model/appended';
import type { Change } from './history/decision';
import { dueAt } from './history/due';
import { setHistorySize } from './history/evolve';
import { activityFactOf, runFactsOf } from './history/load';
import { executionOf, isOpen, parentOf, type RunState } from './history/run-state';
import type { RunRows } from './run-rows';

/** All that a drain changed in one run, in order. */
export interface PendingRun {
  readonly run: RunState;
  readonly changes: Change[];
  isNew: boolean;
}

export interface PersistContext {
  readonly ops: BatchOp[];
  readonly epoch: number;
  readonly namespace: NamespaceEntry;
}

export function persistRun(pending: PendingRun, rows: RunRows, ctx: PersistContext): void {
  const { run, changes, isNew } = pending;
  const events: HistoryEvent[] = [];
  const touched: EventId[] = [];
  let hasOtherFacts = false;
  let isRelisted = isNew;
  for (const change of changes) {
    if (change.kind === 'event') {
      const { event } = change;
      events.push(event);
      if (event.kind === 'upsertWorkflowSearchAttributes' || event.kind === 'workflowPropertiesModified')
        isRelisted = true;
      const ended = endedActivity(event);
      if (ended !== undefined && rows.activities?.has(ended) === true) touched.push(ended);
    } else if (change.fact.kind === 'activity') {
      touched.push(change.fact.scheduledEventId);
    } else {
      hasOtherFacts = true;
    }
  }
  if (events.length > 0) writeFrame(run, rows, events, ctx);
  if (isNew) {
    put(ctx, 'I', currentKey(ctx.namespace.number, run.workflowId), encodeCurrent(run.runId));
  }
  // Also of a run that began and closed in this drain: what it carried of the run before it is asked for later.
  if (hasOtherFacts || rows.hasFacts) writeFacts(run, rows, ctx);
  if (isOpen(run)) {
    if (touched.length > 0) writeActivities(run, rows, new Set(touched), ctx);
    // At the next open an awake run is loaded at once. A row in table T would wake it again and again, and so keep it in memory.
    writeDue(run, rows, undefined, ctx);
    if (isRelisted || rows.listed !== 'awake') list(run, rows, 'awake', ctx);
  } else {
    closeRows(run, rows, ctx);
  }
}

/** The run leaves memory and asks for nothing until its next message, or until what is due in it. */
export function persistEviction(run: RunState, rows: RunRows, ctx: PersistContext): void {
  if (!isOpen(run)) return;
  if (rows.listed !== 'atRest') list(run, rows, 'atRest', ctx);
  writeDue(run, rows, dueAt(run), ctx);
}

/** Removes every row of a closed run. */
export function persistDeletion(run: RunState, rows: RunRows, isCurrent: boolean, ctx: PersistContext): void {
  const { runId } = run;
  for (const firstEventId of rows.frames) drop(ctx, 'H', historyKey(runId, firstEventId));
  for (const scheduledEventId of rows.activities ?? []) drop(ctx, 'A', activityKey(runId, scheduledEventId));
  if (rows.hasFacts) drop(ctx, 'F', factsKey(runId));
  if (rows.isOwing) drop(ctx, 'W', owingKey(runId));
  if (rows.dueAt !== undefined) drop(ctx, 'T', dueKey(rows.dueAt, runId));
  unlist(run, rows, ctx);
  if (isCurrent) drop(ctx, 'I', currentKey(ctx.namespace.number, run.workflowId));
}

function writeFrame(
  run: RunState,
  rows: RunRows,
  events: readonly HistoryEvent[],
  ctx: PersistContext,
): void {
  const first = events[0] as HistoryEvent;
  const sizeBefore = run.historySizeBytes;
  const { bytes, crc } = encodeFrame(
    {
      head: {
        epoch: ctx.epoch,
        namespace: run.namespace,
        workflowId: run.workflowId,
        status: run.status,
        lastEventId: run.lastEventId,
        sizeBefore,
        createRequestId: run.createRequestId,
      },
      events,
    },
    rows.crc,
    crc32,
  );
  rows.crc = crc;
  rows.frames = appended(rows.frames, first.eventId);
  setHistorySize(run, sizeBefore + bytes.byteLength);
  put(ctx, 'H', historyKey(run.runId, first.eventId), bytes);
}

function writeActivities(
  run: RunState,
  rows: RunRows,
  touched: ReadonlySet<EventId>,
  ctx: PersistContext,
): void {
  for (const scheduledEventId of touched) {
    const activity = run.activities.get(scheduledEventId);
    const fact = activity && activityFactOf(activity);
    const key = activityKey(run.runId, scheduledEventId);
    if (fact !== undefined) {
      (rows.activities ??= new Set()).add(scheduledEventId);
      put(ctx, 'A', key, encodeActivityFact(fact));
    } else if (rows.activities?.delete(scheduledEventId) === true) {
      drop(ctx, 'A', key);
    }
  }
}

function writeFacts(run: RunState, rows: RunRows, ctx: PersistContext): void {
  const facts = runFactsOf(run);
  const isDefault =
    facts.workflowTask === undefined &&
    facts.buffered.length === 0 &&
    facts.carriedRequestIds.length === 0 &&
    (facts.owed.length === 0 || owesItsEndAlone(run)) &&
    facts.strikes === 0 &&
    !facts.firstTaskReleased;
  if (!isDefault) put(ctx, 'F', factsKey(run.runId), encodeRunFacts(facts));
  else if (rows.hasFacts) drop(ctx, 'F', factsKey(run.runId));
  rows.hasFacts = !isDefault;
}

/** What nearly every closed child owes: that it owes says it (see run-rows.ts). */
const owesItsEndAlone = ({ owed, closeEvent }: RunState): boolean =>
  closeEvent !== undefined && owed.length === 1 && owed[0]?.kind === 'childClosed';

/** What stays of a closed run: its history, what it owes, and its line in the listing, which says when it is to be deleted. */
function closeRows(run: RunState, rows: RunRows, ctx: PersistContext): void {
  for (const scheduledEventId of rows.activities ?? [])
    drop(ctx, 'A', activityKey(run.runId, scheduledEventId));
  rows.activities = undefined;
  const isOwing = run.owed.length > 0;
  if (isOwing !== rows.isOwing) {
    if (isOwing) put(ctx, 'W', owingKey(run.runId), encodeOwner(run));
    else drop(ctx, 'W', owingKey(run.runId));
    rows.isOwing = isOwing;
  }
  writeDue(run, rows, undefined, ctx);
  if (rows.listed !== 'closed') list(run, rows, 'closed', ctx);
}

function writeDue(run: RunState, rows: RunRows, at: EpochMs | undefined, ctx: PersistContext): void {
  if (rows.dueAt === at) return;
  if (rows.dueAt !== undefined) drop(ctx, 'T', dueKey(rows.dueAt, run.runId));
  if (at !== undefined) put(ctx, 'T', dueKey(at, run.runId), encodeOwner(run));
  rows.dueAt = at;
}

function list(run: RunState, rows: RunRows, listing: Listing, ctx: PersistContext): void {
  if (rows.listed !== listing) unlist(run, rows, ctx);
  put(ctx, 'V', listingKey(run, listing, ctx), encodeVisibility(summaryOf(run)));
  rows.listed = listing;
}

function unlist(run: RunState, rows: RunRows, ctx: PersistContext): void {
  if (rows.listed === undefined) return;
  drop(ctx, 'V', listingKey(run, rows.listed, ctx));
  rows.listed = undefined;
}

function listingKey(run: RunState, listing: Listing, ctx: PersistContext): Uint8Array {
  const at = listing === 'closed' ? run.lastEventAt : run.started.at;
  return visibilityKey(ctx.namespace.number, listing, at, run.runId);
}

function summaryOf(run: RunState): RunSummary {
  const { started, memo, searchAttributes } = run;
  const parent = parentOf(run);
  const summary: Mutable<RunSummary> = {
    execution: executionOf(run),
    workflowType: started.workflowType,
    taskQueue: started.taskQueue,
    status: run.status,
    startTime: started.at,
    executionTime: started.at + (started.firstWorkflowTaskBackoffMs ?? 0),
    historyLength: run.lastEventId,
    historySizeBytes: run.historySizeBytes,
  };
  if (run.closeEvent !== undefined) summary.closeTime = run.closeEvent.at;
  if (isFilled(memo)) summary.memo = memo;
  if (isFilled(searchAttributes)) summary.searchAttributes = searchAttributes;
  if (parent !== undefined) summary.parent = { namespace: parent.namespace, execution: parent.execution };
  if (started.root !== undefined) summary.root = started.root;
  return summary;
}

const ACTIVITY_ENDS: ReadonlySet<string> = new Set([
  'activityTaskCompleted',
  'activityTaskFailed',
  'activityTaskTimedOut',
  'activityTaskCanceled',
]);

const endedActivity = (event: HistoryEvent): EventId | undefined =>
  ACTIVITY_ENDS.has(event.kind) && 'scheduledEventId' in event ? event.scheduledEventId : undefined;

function isFilled(map: object): boolean {
  for (const _key in map) return true;
  return false;
}

function put(ctx: PersistContext, table: string, key: Uint8Array, value: Uint8Array): void {
  ctx.ops.push({ table, key, value });
}

function drop(ctx: PersistContext, table: string, key: Uint8Array): void {
  ctx.ops.push({ table, key, value: null });
}
