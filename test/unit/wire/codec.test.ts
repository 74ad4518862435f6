import fc from 'fast-check';
import { MessageChannel } from 'node:worker_threads';
import { describe, expect, test } from 'vitest';
import type { Command } from '../../../src/model/command';
import type { Effect } from '../../../src/model/effect';
import type { Message } from '../../../src/model/message';
import type { Refusal, Reply } from '../../../src/model/reply';
import { decodeBatch, decodePost, encodeBatch, encodePost } from '../../../src/wire/codec';
import type { Batch, PostEntry } from '../../../src/wire/traffic';
import { anyOf } from '../storage/arbitraries/record';
import { batch, COMMANDS, EFFECTS, ENTRIES, MESSAGES, post, REFUSALS, REPLIES } from './arbitraries';

const QUIET: Batch = {
  generation: 1,
  isLast: true,
  seenSeq: 1,
  consumed: [],
  ops: [],
  effects: [],
  evict: [],
  wanted: [],
  unused: [],
  stats: { residentWorkflows: 0, liveRuns: 0, residentBytes: 0, turns: 0, replays: 0 },
};

function posted(entry: PostEntry): PostEntry | undefined {
  return decodePost(encodePost({ generation: 1, now: 1, stalledMs: 0, entries: [entry] })).entries[0];
}
const sent = (message: Message): unknown => {
  const entry = posted({ kind: 'message', handle: 1, seq: 1, message });
  return entry?.kind === 'message' ? entry.message : entry;
};
const released = (effect: Effect): Effect | undefined =>
  decodeBatch(encodeBatch({ ...QUIET, effects: [effect] })).effects[0];

/** A test for each kind, of which the name is the kind. */
function eachKind<T>(kinds: Readonly<Record<string, fc.Arbitrary<T>>>, across: (value: T) => unknown): void {
  test.each(Object.keys(kinds))('%s', (kind) => {
    fc.assert(
      fc.property(kinds[kind] as fc.Arbitrary<T>, (value) => {
        expect(across(value)).toStrictEqual(value);
      }),
    );
  });
}

describe('an entry reaches the lane as it was posted', () => eachKind<PostEntry>(ENTRIES, posted));
describe('a message reaches the lane as it was posted', () => eachKind<Message>(MESSAGES, sent));
describe('a command reaches the lane in its turnCompleted', () => {
  eachKind<Command>(COMMANDS, (command) => {
    const message = sent({
      kind: 'turnCompleted',
      to: { namespace: 'default' as never, workflowId: 'order-1' as never },
      startedEventId: 3,
      identity: 'worker',
      commands: [command],
      stamp: { bundleHash: 'bundle', commandHash: 1 },
    }) as Extract<Message, { kind: 'turnCompleted' }>;
    return message.commands[0];
  });
});

describe('an effect reaches the host as the lane released it', () => eachKind<Effect>(EFFECTS, released));
describe('a message reaches another lane by way of the host', () => {
  eachKind<Message>(MESSAGES, (message) => {
    const effect = released({ kind: 'send', message });
    return effect?.kind === 'send' ? effect.message : effect;
  });
});
const answered = (reply: Reply): unknown => {
  const effect = released({ kind: 'answer', waiter: 1, reply });
  return effect?.kind === 'answer' ? effect.reply : effect;
};
describe('a reply reaches its caller', () => eachKind<Reply>(REPLIES, answered));
describe('a refusal reaches its caller', () => {
  eachKind<Refusal>(REFUSALS, (refusal) => {
    const reply = answered({ kind: 'refused', refusal }) as Reply;
    return reply.kind === 'refused' ? reply.refusal : reply;
  });
});

test('a post keeps its entries in order', () => {
  fc.assert(
    fc.property(post, (value) => {
      expect(decodePost(encodePost(value))).toStrictEqual(value);
    }),
  );
});

test('a batch keeps its operations, effects and all the rest in order', () => {
  fc.assert(
    fc.property(batch, (value) => {
      expect(decodeBatch(encodeBatch(value))).toStrictEqual(value);
    }),
  );
});

test('a post of thousands of messages is kept', () => {
  const messages = fc.sample(anyOf<Message>(MESSAGES), { seed: 22, numRuns: 500 });
  const entries = Array.from({ length: 5_000 }, (_, index): PostEntry => ({
    kind: 'message',
    handle: index,
    seq: index,
    message: messages[index % messages.length] as Message,
  }));
  const value = { generation: 1, now: 1, stalledMs: 0, entries };
  expect(decodePost(encodePost(value))).toStrictEqual(value);
});

test('the bytes of a post and of a batch can be transferred, and harm nobody', async () => {
  const [one, other] = fc.sample(post, { seed: 23, numRuns: 2 });
  const [some] = fc.sample(batch, { seed: 24, numRuns: 1 });
  if (one === undefined || other === undefined || some === undefined) throw new Error('nothing to post');
  const { port1, port2 } = new MessageChannel();
  const received: Uint8Array[] = [];
  const arrived = new Promise<void>((resolve) => {
    port2.on('message', (bytes: Uint8Array) => {
      if (received.push(bytes) === 2) resolve();
    });
  });
  const kept = encodePost(other);
  for (const bytes of [encodePost(one), encodeBatch(some)]) {
    expect(bytes.byteLength).toBe(bytes.buffer.byteLength);
    port1.postMessage(bytes, [bytes.buffer]);
    expect(bytes.byteLength).toBe(0);
  }
  await arrived;
  port1.close();
  expect(decodePost(received[0] as Uint8Array)).toStrictEqual(one);
  expect(decodeBatch(received[1] as Uint8Array)).toStrictEqual(some);
  expect(decodePost(kept)).toStrictEqual(other);
  expect(decodePost(encodePost(one))).toStrictEqual(one);
});
