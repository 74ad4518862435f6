import { expect, test } from 'vitest';
import { namespace, runId, workflowId, type EventId } from '../../../src/model/ids.ts';
import type { Message, SignalMessage } from '../../../src/model/message.ts';
import { Asking } from '../../../src/scheduler/asking.ts';

const sender = { workflowId: workflowId('asker'), runId: runId('01941f29-7fe8-7000-8554-2351c458d1da') };
const ns = namespace('default');

const signal = (eventId: EventId): SignalMessage => ({
  kind: 'signal',
  to: { namespace: ns, workflowId: workflowId('asked') },
  waiter: 0,
  signal: { signalName: 'poke', input: [], header: {}, requestId: `${sender.runId}:${eventId}` },
  identity: 'history-service',
  sender: { namespace: ns, execution: sender, eventId },
});

const outcome = (initiatedEventId: EventId): Message => ({
  kind: 'externalResolved',
  to: { namespace: ns, ...sender },
  what: 'signal',
  initiatedEventId,
});

test('a run that asks again while its request is on its way is not heard twice', () => {
  const asking = new Asking();
  expect(asking.begin(signal(5))).toBe(true);
  expect(asking.begin(signal(5))).toBe(false);
  expect(asking.begin(signal(6))).toBe(true);
});

test('once the outcome has been taken in, nothing is remembered', () => {
  const asking = new Asking();
  asking.begin(signal(5));
  asking.settle([outcome(5)]);
  expect(asking.size).toBe(0);
  expect(asking.begin(signal(5))).toBe(true);
});

test('what asks for no outcome always goes', () => {
  const asking = new Asking();
  const { sender: _, ...fromClient } = signal(5);
  expect([asking.begin(fromClient), asking.begin(fromClient), asking.begin(outcome(5))]).toEqual([
    true,
    true,
    true,
  ]);
});
