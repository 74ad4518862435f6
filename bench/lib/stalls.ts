// How long this process's event loop stood still at a time, as seen from inside it, and how much of that was garbage collection.
import { monitorEventLoopDelay, PerformanceObserver } from 'node:perf_hooks';

const RESOLUTION_MS = 5;
const NS_PER_MS = 1e6;

export interface Stalls {
  readonly longestMs: number;
  readonly p99Ms: number;
  /** The longest collection. */
  readonly longestCollectionMs: number;
}

export class StallProbe {
  private readonly delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  private longestCollectionMs = 0;
  private readonly collections = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) {
      this.longestCollectionMs = Math.max(this.longestCollectionMs, duration);
    }
  });

  constructor() {
    this.delays.enable();
    this.collections.observe({ entryTypes: ['gc'] });
  }

  stop(): Stalls {
    this.delays.disable();
    this.collections.disconnect();
    return {
      longestMs: Math.max(0, this.delays.max / NS_PER_MS - RESOLUTION_MS),
      p99Ms: Math.max(0, this.delays.percentile(99) / NS_PER_MS - RESOLUTION_MS),
      longestCollectionMs: this.longestCollectionMs,
    };
  }
}
