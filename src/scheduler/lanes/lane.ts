// The port of a lane: a thread (or the host's own) that runs one share of the shards. Bytes in, bytes out.
import type { LaneSetup } from '../../wire/lane-setup';
import type { Handle } from '../../wire/traffic';

export interface LaneEvents {
  /** Of the answer to a post: one batch or more, in order. */
  readonly onBatch: (batch: Uint8Array) => void;
  /** The lane is gone, with all that it held in memory. Comes once, and nothing after it. */
  readonly onDied: (death: LaneDeath) => void;
}

export interface LaneDeath {
  readonly reason: string;
  /** The workflow whose code was on when it died, if any was. */
  readonly culprit?: Handle;
}

export interface Lane {
  /** Hands bytes to the shard. Their buffer, which holds nothing else, belongs to the lane from here on. */
  post(bytes: Uint8Array<ArrayBuffer>): void;
  /** Ends it at once, in the middle of whatever it does; `onDied` follows unless `quietly`. */
  terminate(reason: string, quietly?: boolean): Promise<void>;
}

export type LaneFactory = (setup: LaneSetup, events: LaneEvents) => Lane;
