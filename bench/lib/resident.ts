// Waits for evictions.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Troupe } from 'troupe';

const EVICTION_MAX_MS = 120_000;

/** @throws when the engine holds another number of workflows in memory for long. */
export async function untilResident(troupe: Troupe, count: number): Promise<void> {
  const until = performance.now() + EVICTION_MAX_MS;
  while (troupe.stats().residentWorkflows !== count) {
    if (performance.now() > until) {
      throw new Error(`${troupe.stats().residentWorkflows} workflows are in memory, not ${count}`);
    }
    await sleep(100);
  }
}
