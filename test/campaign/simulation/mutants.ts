// The mutants. Each breaks one promise and nothing else; a simulation that does not find them proves nothing about a sound engine.
import type { Effect } from '../../../src/model/effect.ts';
import { CommitAbsentError } from '../../../src/storage/errors.ts';
import { placedLike, visibilityRange } from '../../../src/storage/format/keys.ts';
import { MemoryStore, type MemoryDisk } from '../../../src/storage/memory/memory-store.ts';
import type { WriteOp } from '../../../src/storage/store.ts';
import type { Batch, BatchOp, MessageEntry, Post, PostEntry } from '../../../src/wire/traffic.ts';
import type { Random } from '../kill-9/random.ts';
import { emptied, rewriting, type Mutant } from './mutant.ts';

export const MUTANTS: readonly Mutant[] = [
  {
    name: 'answers leave before the commit they rest on',
    breaks: ['I1', 'I4', 'I15', 'I22'],
    make: () => early(({ kind }) => kind === 'answer'),
  },
  {
    name: 'an attempt is dispatched before its start is durable',
    breaks: ['I11'],
    make: () => early(({ kind }) => kind === 'runActivity'),
  },
  {
    name: 'a query is answered before what it has seen is durable',
    breaks: ['I22', 'I15'],
    make: () => ({ wrapLanes: rewriting(queriesOvertake) }),
  },
  {
    name: 'a message is lost when its lane is replaced',
    breaks: ['live'],
    make: () => ({ wrapLanes: rewriting(loseFirstMessage) }),
  },
  {
    name: 'an effect is released twice',
    breaks: ['I11'],
    make: () => ({ wrapLanes: rewriting(dispatchAgain) }),
  },
  {
    name: 'a commit that was reported absent had been executed',
    breaks: ['I2', 'I12'],
    make: (random) => ({ openStore: (options) => new ExecutingStore(options, random) }),
  },
  {
    name: 'the disk forgets its last commit in a crash',
    breaks: ['I1', 'I4', 'I11', 'I15', 'I22'],
    make: () => ({ openStore: (options) => new ForgetfulStore(options) }),
  },
  {
    name: 'the attempt number of an activity is not written',
    breaks: ['I11'],
    make: () => withoutOps(({ table, value }) => table === 'A' && value !== null),
  },
  {
    name: 'a run that is awake is not written down as such',
    breaks: ['live'],
    make: () => withOps((op) => (isAwakeRow(op) ? { ...op, key: placedLike(op.key, AT_REST) } : op)),
  },
  {
    name: 'the index is not written with the history',
    breaks: ['I1', 'I22', 'I23', 'live'],
    make: (random) => withoutOps(({ table }) => table === 'V' && random.below(20) === 0),
  },
  {
    name: 'signals change places',
    breaks: ['I12'],
    make: () => ({ wrapLanes: rewriting(() => ({ post: swapSignals })) }),
  },
  {
    name: 'a signal of another workflow comes twice, under two request ids',
    breaks: ['I19'],
    make: () => ({ wrapLanes: rewriting(() => ({ post: signalAgain })) }),
  },
  {
    name: 'timers fire ahead of time',
    breaks: ['I16'],
    make: () => ({ wrapLanes: rewriting(() => ({ post: runAhead })) }),
  },
];

function early(leaves: (effect: Effect) => boolean): ReturnType<Mutant['make']> {
  const batch = (whole: Batch): readonly Batch[] => {
    const first = whole.effects.filter(leaves);
    if (first.length === 0) return [whole];
    const rest = whole.effects.filter((effect) => !leaves(effect));
    return [
      { ...emptied(whole), effects: first },
      { ...whole, effects: rest },
    ];
  };
  return { wrapLanes: rewriting(() => ({ batch })) };
}

const isQueryAnswer = (effect: Effect): boolean =>
  effect.kind === 'answer' && effect.reply.kind === 'queryAnswered';

/** So many batches are held, and the host is told to go on. */
const BATCHES_HELD = 8;

function queriesOvertake(): { batch: (batch: Batch) => readonly Batch[] } {
  const held: Batch[] = [];
  return {
    batch: (whole) => {
      held.push({ ...whole, effects: whole.effects.filter((effect) => !isQueryAnswer(effect)) });
      const due = held.splice(0, Math.max(0, held.length - BATCHES_HELD));
      return [{ ...emptied(whole), effects: whole.effects.filter(isQueryAnswer) }, ...due];
    },
  };
}

const isMessage = (entry: PostEntry): entry is MessageEntry => entry.kind === 'message';

function loseFirstMessage(generation: number): {
  post: (post: Post) => Post;
  batch: (batch: Batch) => readonly Batch[];
} {
  let isDue = generation > 0;
  const lost: number[] = [];
  return {
    post: (post) => {
      const first = isDue ? post.entries.find(isMessage) : undefined;
      if (first === undefined) return post;
      isDue = false;
      lost.push(first.seq);
      return { ...post, entries: post.entries.filter((entry) => entry !== first) };
    },
    batch: (batch) => [{ ...batch, consumed: [...batch.consumed, ...lost.splice(0)] }],
  };
}

/** So many batches later: an attempt that still runs would not be begun again. */
const BATCHES_BETWEEN = 12;

function dispatchAgain(): { batch: (batch: Batch) => readonly Batch[] } {
  const batches: (readonly Effect[])[] = [];
  return {
    batch: (batch) => {
      batches.push(batch.effects.filter(({ kind }) => kind === 'runActivity'));
      const again = batches.length > BATCHES_BETWEEN ? (batches.shift() ?? []) : [];
      return [{ ...batch, effects: [...batch.effects, ...again] }];
    },
  };
}

function withoutOps(isDropped: (op: BatchOp) => boolean): ReturnType<Mutant['make']> {
  return withOps((op) => (isDropped(op) ? undefined : op));
}

function withOps(rewrite: (op: BatchOp) => BatchOp | undefined): ReturnType<Mutant['make']> {
  return {
    wrapLanes: rewriting(() => ({
      batch: (batch) => [
        { ...batch, ops: batch.ops.map(rewrite).filter((op): op is BatchOp => op !== undefined) },
      ],
    })),
  };
}

const AWAKE = visibilityRange(1, 'awake').start;
const AT_REST = visibilityRange(1, 'atRest').start;
const isAwakeRow = ({ table, key }: BatchOp): boolean =>
  table === 'V' && Buffer.compare(placedLike(key, AWAKE), key) === 0;

/** The first two of them to one workflow in one post. */
function swapSignals(post: Post): Post {
  const signals = post.entries.filter(isMessage).filter(({ message }) => message.kind === 'signal');
  for (const [index, first] of signals.entries()) {
    const second = signals.slice(index + 1).find(({ handle }) => handle === first.handle);
    if (second === undefined) continue;
    const swapped = (entry: PostEntry): PostEntry => {
      if (entry === first) return { ...first, message: second.message };
      return entry === second ? { ...second, message: first.message } : entry;
    };
    return { ...post, entries: post.entries.map(swapped) };
  }
  return post;
}

function signalAgain(post: Post): Post {
  const again = (entry: PostEntry): readonly PostEntry[] => {
    if (entry.kind !== 'message' || entry.message.kind !== 'signal') return [entry];
    const { message } = entry;
    if (message.sender === undefined) return [entry];
    const signal = { ...message.signal, requestId: `${message.signal.requestId} again` };
    return [entry, { ...entry, message: { ...message, signal } }];
  };
  return { ...post, entries: post.entries.flatMap(again) };
}

function runAhead(post: Post): Post {
  const isWake = post.entries.some((entry) => isMessage(entry) && entry.message.kind === 'wake');
  return isWake ? { ...post, now: post.now + 3_000 } : post;
}

class ExecutingStore extends MemoryStore {
  constructor(
    options: ConstructorParameters<typeof MemoryStore>[0],
    private readonly random: Random,
  ) {
    super(options);
  }

  override async commit(ops: readonly WriteOp[]): Promise<void> {
    await super.commit(ops);
    if (this.random.below(3) === 0) throw new CommitAbsentError('a store that is broken on purpose');
  }
}

class ForgetfulStore extends MemoryStore {
  private last: MemoryDisk | undefined;

  override async commit(ops: readonly WriteOp[]): Promise<void> {
    const before = this.disk.snapshot();
    await super.commit(ops);
    this.last = before;
  }

  override crash(): MemoryDisk {
    const disk = super.crash();
    return this.last ?? disk;
  }
}
