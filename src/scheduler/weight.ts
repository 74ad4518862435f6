// What an entry weighs on its way to a lane, roughly, in bytes: for the few kinds that can weigh much. Host thread.
// A post must stay small enough to be encoded, and a lane must not be given gigabytes because a thousand callers sent a megabyte each.
import type { Message, MessageByKind, MessageKind } from '../model/message';
import { payloadSize, type Payloads } from '../model/payload';
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
  start: ({ options, signal }) => payloadsWeight(options.input) + payloadsWeight(signal?.input),
  startChild: ({ options }) => payloadsWeight(options.input),
  signal: ({ signal }) => payloadsWeight(signal.input),
  query: ({ input }) => payloadsWeight(input),
  activityResolved: ({ outcome }) => (outcome.kind === 'completed' ? payloadSize(outcome.result) : 0),
  activityHeartbeat: ({ details }) => (details === undefined ? 0 : payloadSize(details)),
  childClosed: ({ closeEvent }) =>
    closeEvent.kind === 'workflowExecutionCompleted' && closeEvent.result !== undefined
      ? payloadSize(closeEvent.result)
      : 0,
};

export function messageWeight(message: Message): number {
  const weigh = WEIGHTS[message.kind] as ((message: Message) => number) | undefined;
  return weigh === undefined ? 0 : weigh(message);
}

function payloadsWeight(payloads: Payloads = []): number {
  let weight = 0;
  for (const payload of payloads) weight += payloadSize(payload);
  return weight;
}

function runWeight({ frames, activities }: StoredRun): number {
  let weight = 0;
  for (const frame of frames) weight += frame.byteLength;
  for (const fact of activities) weight += fact.byteLength;
  return weight;
}
