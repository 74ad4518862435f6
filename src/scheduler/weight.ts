// What an entry weighs on its way to a lane, roughly, in bytes: for the few kinds that can weigh much. Host thread.
// A post must stay small enough to be encoded, and a lane must not be given gigabytes because a thousand callers sent a megabyte each.
import type { CloseEvent, RunOptions } from '../model/event';
import { failureSize } from '../model/failure';
import type { ActivityOutcome, Message, MessageByKind, MessageKind } from '../model/message';
import { payloadMapSize, payloadSize, payloadsSize } from '../model/payload';
import type { PayloadMap, Payloads } from '../model/payload';
import type { PostEntry, StoredRun } from '../wire/traffic';

/** What every entry weighs at least. */
const ENTRY_BYTES = 256;

export function weightOf(entry: PostEntry): number {
  if (entry.kind === 'message') return ENTRY_BYTES + messageWeight(entry.message);
  if (entry.kind === 'history') return ENTRY_BYTES + runWeight(entry.run);
  if (entry.kind === 'load' && entry.current !== undefined) return ENTRY_BYTES + runWeight(entry.current);
  return ENTRY_BYTES;
}

/** Absent: nothing that users can make heavy. */
const WEIGHTS: { readonly [K in MessageKind]?: (message: MessageByKind<K>) => number } = {
  start: ({ options, signal }) => optionsWeight(options) + (signal === undefined ? 0 : inputWeight(signal)),
  startChild: ({ options }) => optionsWeight(options),
  signal: ({ signal }) => inputWeight(signal),
  query: (query) => inputWeight(query),
  terminate: ({ details }) => payloadsSize(details ?? []),
  activityResolved: ({ outcome }) => outcomeWeight(outcome),
  activityHeartbeat: ({ details }) => (details === undefined ? 0 : payloadSize(details)),
  childClosed: ({ closeEvent }) => closeWeight(closeEvent),
};

export function messageWeight(message: Message): number {
  const weigh = WEIGHTS[message.kind] as ((message: Message) => number) | undefined;
  return weigh === undefined ? 0 : weigh(message);
}

const inputWeight = ({ input, header }: { readonly input: Payloads; readonly header: PayloadMap }): number =>
  payloadsSize(input) + payloadMapSize(header);

const optionsWeight = (options: RunOptions): number =>
  inputWeight(options) + (options.memo === undefined ? 0 : payloadMapSize(options.memo));

function outcomeWeight(outcome: ActivityOutcome): number {
  switch (outcome.kind) {
    case 'completed':
      return payloadSize(outcome.result);
    case 'failed':
      return failureSize(outcome.failure) + payloadSize(outcome.lastHeartbeatDetails ?? null);
    case 'canceled':
      return payloadsSize(outcome.details ?? []);
    case 'willCompleteAsync':
      return 0;
  }
}

function closeWeight(close: CloseEvent): number {
  switch (close.kind) {
    case 'workflowExecutionCompleted':
      return payloadSize(close.result ?? null);
    case 'workflowExecutionFailed':
      return failureSize(close.failure);
    case 'workflowExecutionCanceled':
    case 'workflowExecutionTerminated':
      return payloadsSize(close.details ?? []);
    case 'workflowExecutionTimedOut':
    case 'workflowExecutionContinuedAsNew':
      return 0;
  }
}

function runWeight({ frames, activities }: StoredRun): number {
  let weight = 0;
  for (const frame of frames) weight += frame.byteLength;
  for (const fact of activities) weight += fact.byteLength;
  return weight;
}
