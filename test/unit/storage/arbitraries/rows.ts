// Facts and the values of rows.
import fc from 'fast-check';
import type { ActivityFact, ActivityState, OwedSend, WorkflowTaskFact } from '../../../../src/model/fact';
import type { RunSummary } from '../../../../src/model/gateway';
import type { StoredRunFacts } from '../../../../src/storage/format/facts';
import type { FrameHead } from '../../../../src/storage/format/frame';
import type { NamespaceRow, RowOwner } from '../../../../src/storage/format/values';
import { newEvent } from './events';
import {
  count,
  duration,
  eventId,
  execution,
  failure,
  flag,
  moment,
  namespace,
  payload,
  payloadMap,
  runId,
  runStatus,
  taskQueue,
  text,
  workflowId,
} from './parts';
import { anyOf, byKind, optional, record } from './record';

const ACTIVITY_STATES = byKind<ActivityState>({
  scheduled: { since: moment },
  retrying: { at: moment, intervalMs: duration },
  started: { at: moment, epoch: count, identity: text, async: flag },
});

export const activityFact = record<ActivityFact>({
  kind: fc.constant('activity'),
  scheduledEventId: eventId,
  attempt: count,
  state: anyOf<ActivityState>(ACTIVITY_STATES),
  lastFailure: optional(failure),
  heartbeatDetails: optional(payload),
  lastHeartbeatAt: optional(moment),
});

const workflowTaskFact = record<WorkflowTaskFact>({
  kind: fc.constant('workflowTask'),
  attempt: count,
  scheduledAt: moment,
  notBefore: optional(moment),
  lastFailure: optional(failure),
  started: optional(record({ at: moment, identity: text, requestId: text })),
});

const OWED_SENDS = byKind<OwedSend>({
  childClosed: {},
  parentClosePolicy: {
    initiatedEventId: eventId,
    namespace,
    child: execution,
    action: fc.constantFrom('terminate', 'requestCancel'),
  },
});

export const runFacts = record<StoredRunFacts>({
  workflowTask: fc.option(workflowTaskFact, { nil: undefined }),
  buffered: fc.array(newEvent, { maxLength: 4 }),
  carriedRequestIds: fc.array(text, { maxLength: 20 }),
  owed: fc.array(anyOf<OwedSend>(OWED_SENDS), { maxLength: 3 }),
  strikes: count,
  strikesBundle: optional(text),
  firstTaskReleased: flag,
});

export const runSummary = record<RunSummary>({
  execution,
  workflowType: text,
  taskQueue,
  status: runStatus,
  startTime: moment,
  executionTime: moment,
  closeTime: optional(moment),
  historyLength: count,
  historySizeBytes: count,
  memo: optional(payloadMap),
  searchAttributes: optional(payloadMap),
  parent: optional(record({ namespace, execution })),
  root: optional(execution),
});

export const rowOwner = record<RowOwner>({ namespace, workflowId });
export const namespaceRow = record<NamespaceRow>({
  name: namespace,
  number: fc.nat(0xffff_ffff),
  retentionMs: duration,
});

export const frameHead = record<FrameHead>({
  epoch: count,
  namespace,
  workflowId,
  runId: optional(runId),
  status: runStatus,
  lastEventId: eventId,
  sizeBefore: count,
  createRequestId: text,
});
