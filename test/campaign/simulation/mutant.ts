// An engine that is broken on purpose, at its ports: what crosses between host and lane, and the store. Nothing in src knows of it.
import type { LaneFactory } from '../../../src/scheduler/lanes/lane.ts';
import type { MemoryStore, MemoryStoreOptions } from '../../../src/storage/memory/memory-store.ts';
import { decodeBatch, decodePost, encodeBatch, encodePost } from '../../../src/wire/codec.ts';
import type { Batch, Post } from '../../../src/wire/traffic.ts';
import type { Random } from '../kill-9/random.ts';

/** What stands in for the sound parts, for as long as the simulation lasts. */
export interface BrokenParts {
  readonly wrapLanes?: (lanes: LaneFactory) => LaneFactory;
  readonly openStore?: (options: MemoryStoreOptions) => MemoryStore;
}

export interface Mutant {
  /** What is wrong with it. */
  readonly name: string;
  /** The invariants by which it may be found. */
  readonly breaks: readonly string[];
  readonly make: (random: Random) => BrokenParts;
}

/** One generation of a lane, as a mutant rewrites it. */
export interface Rewriting {
  readonly post?: (post: Post) => Post;
  /** What the host is handed instead, in this order. */
  readonly batch?: (batch: Batch) => readonly Batch[];
}

export const rewriting =
  (make: (generation: number) => Rewriting): NonNullable<BrokenParts['wrapLanes']> =>
  (lanes) =>
  (setup, events) => {
    const { post = (same) => same, batch = (same) => [same] } = make(setup.generation);
    const lane = lanes(setup, {
      ...events,
      onBatch: (bytes) => {
        for (const one of batch(decodeBatch(bytes))) events.onBatch(encodeBatch(one));
      },
    });
    return {
      post: (bytes) => lane.post(encodePost(post(decodePost(bytes)))),
      terminate: (reason, quietly) => lane.terminate(reason, quietly),
    };
  };

/** A batch that only says that the lane is ready for more. */
export const emptied = (batch: Batch): Batch => ({
  ...batch,
  consumed: [],
  ops: [],
  effects: [],
  evict: [],
  wanted: [],
  unused: [],
});
