// Makes an engine: store, clock, lanes, and the engine over them. Host thread; the only place that chooses adapters.
import { randomFillSync } from 'node:crypto';
import { systemClock, type Clock } from '../scheduler/clock';
import { Engine } from '../scheduler/engine';
import { createEntropy } from '../scheduler/entropy';
import { inlineLanes } from '../scheduler/lanes/inline-lane';
import type { LaneFactory } from '../scheduler/lanes/lane';
import { LaneThreads, piscinaLanes } from '../scheduler/lanes/piscina-lane';
import { openLmdbStore } from '../storage/lmdb/open-store';
import { MemoryStore } from '../storage/memory/memory-store';
import type { Store, StoreClock } from '../storage/store';
import type { TurnReader } from '../wire/turn-monitor';
import type { ResolvedSettings } from './engine-options';

/** What only tests and simulations set. */
export interface EngineParts {
  readonly clock?: Clock;
  readonly store?: Store;
  readonly fillRandom?: (bytes: Uint8Array) => void;
  /** Puts something between the engine and its lanes: to end them in the middle of their work. */
  readonly wrapLanes?: (lanes: LaneFactory) => LaneFactory;
  /** Workflows whose work a lane hands over at once. */
  readonly batchWorkflows?: number;
}

export interface OpenedEngine {
  readonly engine: Engine;
  readonly store: Store;
  readonly clock: Clock;
}

/** @throws {StoreError} when the folder cannot be opened; nothing was changed then. */
export async function openEngine(settings: ResolvedSettings, parts: EngineParts = {}): Promise<OpenedEngine> {
  const clock = parts.clock ?? systemClock;
  const threads = settings.threads > 0 ? new LaneThreads({ laneCount: settings.threads }) : undefined;
  let store: Store;
  try {
    store = parts.store ?? (await openStore(settings));
  } catch (error) {
    await threads?.end();
    throw error;
  }
  const { wrapLanes = (lanes) => lanes } = parts;
  const lanesOn = threads === undefined ? await lanesOnHost(clock) : lanesOnThreads(threads);
  const engine = new Engine({
    store,
    clock,
    entropy: createEntropy(parts.fillRandom ?? randomFillSync),
    laneCount: Math.max(1, settings.threads),
    lanes: (onTurnMemory) => wrapLanes(lanesOn(onTurnMemory)),
    identity: settings.identity,
    log: settings.log,
    cacheBytes: settings.cacheBytes,
    idleEvictMs: settings.idleEvictMs,
    turnLimitMs: settings.turnLimitMs,
    retentionMs: settings.retentionMs,
    ...(parts.batchWorkflows !== undefined && { batchWorkflows: parts.batchWorkflows }),
  });
  engine.start();
  return { engine, store, clock };
}

type LanesOn = (onTurnMemory: (lane: number, reader: TurnReader) => void) => LaneFactory;

const lanesOnThreads =
  (threads: LaneThreads): LanesOn =>
  (onTurnMemory) =>
    piscinaLanes({ threads, onTurnMemory });

/** A shard's code is a third of all there is: loaded only where it runs. */
async function lanesOnHost(clock: Clock): Promise<LanesOn> {
  const { createShard } = await import('../actors/create-shard.js');
  return () => inlineLanes(createShard, clock);
}

async function openStore({ store, waitForOwner, minFreeBytes }: ResolvedSettings): Promise<Store> {
  if (store.kind === 'memory') return new MemoryStore();
  return openLmdbStore({
    path: store.path,
    clock: storeClock,
    waitForOwner,
    ...(minFreeBytes !== undefined && { space: { lowBytes: minFreeBytes } }),
  });
}

/** Real time, always: it watches the disk and other processes. */
const storeClock: StoreClock = {
  now: () => systemClock.now(),
  monotonicMs: () => systemClock.monotonicMs(),
  setTimer: (delayMs, fire) => systemClock.setTimer(delayMs, fire),
  sleep: (delayMs) =>
    new Promise((resolve) => {
      systemClock.setTimerAt(systemClock.now() + delayMs, resolve);
    }),
};
