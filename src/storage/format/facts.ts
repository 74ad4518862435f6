// Facts as cells: rows A and F. Pure.
import type { NewEvent } from '../../model/event';
import type { ActivityFact, ActivityState, OwedSend, WorkflowTaskFact } from '../../model/fact';
import type { Mutable } from '../../model/mutable';
import type { Reader, Writer } from './cells';
import { codec } from './cells';
import { readNewEvents, writeNewEvents } from './events';
import { readFailure, writeFailureOf } from './failure';
import { readExecution, writeExecution } from './parts';

type StateCells =
  | readonly [1, since: number]
  | readonly [2, at: number, intervalMs: number]
  | readonly [3, at: number, epoch: number, identity: string, async: boolean];

function writeState(state: ActivityState): StateCells {
  switch (state.kind) {
    case 'scheduled':
      return [1, state.since];
    case 'retrying':
      return [2, state.at, state.intervalMs];
    case 'started':
      return [3, state.at, state.epoch, state.identity, state.async];
  }
}

function readState(cells: StateCells): ActivityState {
  switch (cells[0]) {
    case 1:
      return { kind: 'scheduled', since: cells[1] };
    case 2:
      return { kind: 'retrying', at: cells[1], intervalMs: cells[2] };
    case 3:
      return { kind: 'started', at: cells[1], epoch: cells[2], identity: cells[3], async: cells[4] };
  }
}

/** Row A. */
export const ACTIVITY_FACT = codec(
  (fact: ActivityFact, writer) => [
    fact.scheduledEventId,
    fact.attempt,
    writeState(fact.state),
    writeFailureOf(fact.lastFailure, writer),
    writer.payloadOf(fact.heartbeatDetails),
    fact.lastHeartbeatAt ?? null,
  ],
  (cells, reader) => {
    const fact: Mutable<ActivityFact> = {
      kind: 'activity',
      scheduledEventId: cells[0],
      attempt: cells[1],
      state: readState(cells[2]),
    };
    if (cells[3] !== null) fact.lastFailure = readFailure(cells[3], reader);
    if (cells[4] !== null) fact.heartbeatDetails = reader.payload(cells[4]);
    if (cells[5] !== null) fact.lastHeartbeatAt = cells[5];
    return fact;
  },
);

/** Row F: what the events do not say about a run, except its activities. */
export interface StoredRunFacts {
  readonly workflowTask: WorkflowTaskFact | undefined;
  readonly buffered: readonly NewEvent[];
  readonly carriedRequestIds: readonly string[];
  readonly owed: readonly OwedSend[];
  readonly strikes: number;
  /** Absent in rows of older versions, and without strikes. */
  readonly strikesBundle?: string;
  readonly firstTaskReleased: boolean;
}

export const RUN_FACTS = codec(
  (facts: StoredRunFacts, writer) => [
    facts.workflowTask === undefined ? null : writeTask(facts.workflowTask, writer),
    writeNewEvents(facts.buffered, writer),
    facts.carriedRequestIds,
    facts.owed.map((send) => writeOwed(send, writer)),
    facts.strikes,
    facts.firstTaskReleased,
    facts.strikesBundle ?? null,
  ],
  (cells, reader) => ({
    workflowTask: cells[0] === null ? undefined : readTask(cells[0], reader),
    buffered: readNewEvents(cells[1], reader),
    carriedRequestIds: cells[2],
    owed: cells[3].map((send) => readOwed(send, reader)),
    strikes: cells[4],
    firstTaskReleased: cells[5],
    ...(typeof cells[6] === 'string' && { strikesBundle: cells[6] }),
  }),
);

const writeTask = (fact: WorkflowTaskFact, writer: Writer) =>
  [
    fact.attempt,
    fact.scheduledAt,
    fact.notBefore ?? null,
    writeFailureOf(fact.lastFailure, writer),
    fact.started === undefined
      ? null
      : ([fact.started.at, fact.started.identity, fact.started.requestId] as const),
  ] as const;
type TaskCells = ReturnType<typeof writeTask>;

function readTask(cells: TaskCells, reader: Reader): WorkflowTaskFact {
  const fact: Mutable<WorkflowTaskFact> = {
    kind: 'workflowTask',
    attempt: cells[0],
    scheduledAt: cells[1],
  };
  if (cells[2] !== null) fact.notBefore = cells[2];
  if (cells[3] !== null) fact.lastFailure = readFailure(cells[3], reader);
  if (cells[4] !== null) {
    const [at, identity, requestId] = cells[4];
    fact.started = { at, identity, requestId };
  }
  return fact;
}

type OwedCells =
  | readonly [1]
  | readonly [
      2,
      initiatedEventId: number,
      namespace: number,
      child: ReturnType<typeof writeExecution>,
      isTerminate: boolean,
    ];

function writeOwed(send: OwedSend, writer: Writer): OwedCells {
  switch (send.kind) {
    case 'childClosed':
      return [1];
    case 'parentClosePolicy': {
      const { initiatedEventId, namespace, child, action } = send;
      return [2, initiatedEventId, writer.name(namespace), writeExecution(child), action === 'terminate'];
    }
  }
}

function readOwed(cells: OwedCells, reader: Reader): OwedSend {
  switch (cells[0]) {
    case 1:
      return { kind: 'childClosed' };
    case 2:
      return {
        kind: 'parentClosePolicy',
        initiatedEventId: cells[1],
        namespace: reader.name(cells[2]),
        child: readExecution(cells[3]),
        action: cells[4] ? 'terminate' : 'requestCancel',
      };
  }
}
