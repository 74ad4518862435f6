// What a new lane is told before its first post. Crosses the thread border once, by structured clone.

export interface LaneSetup {
  readonly lane: number;
  /** Grows with every replacement of the lane: batches of an older one are refused. */
  readonly generation: number;
  /** The store's, of this opening. */
  readonly epoch: number;
  readonly identity: string;
  /** 32 bits, for the lane's own generator of run and request ids. */
  readonly seed: number;
  /** Runs are evicted beyond this many bytes. */
  readonly cacheBytes: number;
  /** A run that nobody asked anything of for so long is evicted. */
  readonly idleEvictMs: number;
  /** A batch is handed over after so many workflows, and the lane goes on with the next. */
  readonly batchWorkflows: number;
}
