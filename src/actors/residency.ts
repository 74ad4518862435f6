// Which workflows stay in this lane's memory: the most recently used ones, within a budget of bytes. Shard thread.
// Never by count alone. A workflow that leaves costs nothing until its next message, then it is loaded and replayed.
import type { EpochMs } from '../model/time';
import type { WorkflowActor } from './workflow-actor';

/** What is known of a workflow beside its live code: state, maps, rows; and what the host knows. As measured (bench, W8). */
const ACTOR_BYTES = 6 * 1_024;
/** Idle workflows looked at in one drain: eviction must not make a drain long. */
const EVICT_MAX = 2_000;
/** Within the budget there is no need to look more often, unless the idle time is shorter. */
const LOOK_MS = 500;

interface Entry {
  readonly bytes: number;
  readonly usedAt: EpochMs;
  readonly isLive: boolean;
}

export interface ResidencyOptions {
  readonly cacheBytes: number;
  readonly idleEvictMs: number;
}

export class Residency {
  readonly #options: ResidencyOptions;
  /** Least recently used first. */
  readonly #entries = new Map<WorkflowActor, Entry>();
  #bytes = 0;
  #live = 0;
  #lookedAt: EpochMs = 0;

  constructor(options: ResidencyOptions) {
    this.#options = options;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Workflows whose code is in memory. */
  get live(): number {
    return this.#live;
  }

  used(actor: WorkflowActor, now: EpochMs): void {
    this.remove(actor);
    const bytes = ACTOR_BYTES + actor.heldBytes;
    const { isLive } = actor;
    this.#entries.set(actor, { bytes, usedAt: now, isLive });
    this.#bytes += bytes;
    if (isLive) this.#live += 1;
  }

  remove(actor: WorkflowActor): void {
    const entry = this.#entries.get(actor);
    if (entry === undefined) return;
    this.#entries.delete(actor);
    this.#bytes -= entry.bytes;
    if (entry.isLive) this.#live -= 1;
  }

  /** Those that have to leave: over the budget, or not used for long. Oldest first. */
  *leaving(now: EpochMs): Generator<WorkflowActor> {
    const { cacheBytes, idleEvictMs } = this.#options;
    if (this.#bytes <= cacheBytes && Math.abs(now - this.#lookedAt) < Math.min(LOOK_MS, idleEvictMs)) return;
    this.#lookedAt = now;
    // Those that cannot leave come back as the newest ones: each is looked at once.
    let left = Math.min(EVICT_MAX, this.#entries.size);
    for (const [actor, { usedAt }] of this.#entries) {
      if (left === 0) return;
      if (this.#bytes <= cacheBytes && now - usedAt < idleEvictMs) return;
      left -= 1;
      this.remove(actor);
      yield actor;
    }
  }
}
