// What the store holds of one run, as of the newest batch that this lane made; and a run rebuilt from it. Shard thread.
// Every frame is checked against the chain of checksums before any of it is folded.
import { crc32 } from 'node:zlib';
import { assert } from '../model/assert';
import type { HistoryEvent } from '../model/event';
import type { EventId, RunId } from '../model/ids';
import type { EpochMs } from '../model/time';
import { chainStart, decodeFrame } from '../storage/format/frame';
import type { Listing } from '../storage/format/keys';
import { decodeActivityFact, decodeRunFacts } from '../storage/format/values';
import type { StoredRun } from '../wire/traffic';
import { dueAt } from './history/due';
import { load, type LoadedFrame } from './history/load';
import { isOpen, NO_FACTS, type RunFacts, type RunState } from './history/run-state';

/** Mutable; owned by the workflow's actor. */
export interface RunRows {
  /** Of the newest frame: the next one is chained to it. */
  crc: number;
  /** First event of each frame: the keys of table H, for the day they are deleted. */
  frames: EventId[];
  /** Rows of table A, by scheduled event. Made when there is one. */
  activities: Set<EventId> | undefined;
  hasFacts: boolean;
  /** The moment of its row in table T. An awake run has none: the row is written when it goes to rest. */
  dueAt: EpochMs | undefined;
  /** Where it stands in the listing. */
  listed: Listing | undefined;
  /** Closed, and it has a row that says that it owes something. */
  isOwing: boolean;
}

export const noRows = (run: RunId): RunRows => ({
  crc: chainStart(run, crc32),
  frames: [],
  activities: undefined,
  hasFacts: false,
  dueAt: undefined,
  listed: undefined,
  isOwing: false,
});

export interface LoadedRun {
  readonly state: RunState;
  readonly rows: RunRows;
  /** Its whole history. */
  readonly events: readonly HistoryEvent[];
}

/** @throws when a row is damaged, or the rows do not fit together. */
export function loadRun(stored: StoredRun): LoadedRun {
  const rows = noRows(stored.runId);
  const frames: LoadedFrame[] = [];
  const events: HistoryEvent[] = [];
  let size = 0;
  let head;
  for (const bytes of stored.frames) {
    const frame = decodeFrame(bytes, rows.crc, crc32);
    rows.crc = frame.crc;
    head = frame.head;
    assert(head.sizeBefore === size, 'a frame is missing');
    size += bytes.byteLength;
    const first = frame.events[0];
    assert(first !== undefined, 'a frame without events');
    rows.frames.push(first.eventId);
    frames.push({ epoch: head.epoch, events: frame.events });
    for (const event of frame.events) events.push(event);
  }
  assert(head !== undefined, 'a run without frames');
  const facts = factsOf(stored, head.status !== 'RUNNING');
  const state = load(frames, facts, {
    namespace: head.namespace,
    runId: stored.runId,
    createRequestId: head.createRequestId,
    historySizeBytes: size,
  });
  if (facts.activities.length > 0)
    rows.activities = new Set(facts.activities.map(({ scheduledEventId }) => scheduledEventId));
  rows.hasFacts = stored.facts !== undefined;
  // A run at rest was written down with its exact moment.
  rows.dueAt = stored.awake ? undefined : dueAt(state);
  if (isOpen(state)) {
    rows.listed = stored.awake ? 'awake' : 'atRest';
  } else {
    rows.listed = 'closed';
    rows.isOwing = stored.awake;
  }
  return { state, rows, events };
}

/** A closed run is awake only while it owes; without facts, its parent its end and nothing else. */
const OWES_ITS_END: RunFacts = { ...NO_FACTS, owed: [{ kind: 'childClosed' }] };

function factsOf({ activities, facts, awake }: StoredRun, isClosed: boolean): RunFacts {
  const absent = isClosed && awake ? OWES_ITS_END : NO_FACTS;
  if (activities.length === 0 && facts === undefined) return absent;
  return {
    ...(facts === undefined ? absent : decodeRunFacts(facts)),
    activities: activities.map((bytes) => decodeActivityFact(bytes)),
  };
}
