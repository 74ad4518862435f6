// A lane on the host's own thread (`threads: 0`): tests, simulation, tiny deployments. Same shard, same bytes.
// User code that never returns cannot be stopped here: that takes a thread.
import type { LaneSetup } from '../../wire/lane-setup';
import { createTurnMemory, TurnMonitor, TurnReader } from '../../wire/turn-monitor';
import type { Clock } from '../clock';
import type { LaneFactory } from './lane';

/** The part of a shard that a lane drives. */
export interface ShardPort {
  handle(post: Uint8Array): Generator<Uint8Array, void>;
}

type CreateShard = (setup: LaneSetup, monitor: TurnMonitor) => ShardPort;

export function inlineLanes(createShard: CreateShard, clock: Clock): LaneFactory {
  return (setup, events) => {
    const memory = createTurnMemory();
    const reader = new TurnReader(memory);
    const shard = createShard(setup, new TurnMonitor(memory));
    let alive = true;
    const die = (reason: string): void => {
      if (!alive) return;
      alive = false;
      const culprit = reader.current;
      events.onDied(culprit === undefined ? { reason } : { reason, culprit });
    };
    return {
      post(bytes) {
        clock.soon(() => {
          const batches = shard.handle(bytes);
          while (alive) {
            let next: IteratorResult<Uint8Array, void>;
            try {
              next = batches.next();
            } catch (error) {
              return die(error instanceof Error ? (error.stack ?? error.message) : String(error));
            }
            if (next.done === true) return;
            events.onBatch(next.value);
          }
        });
      },
      terminate(reason, quietly = false) {
        if (quietly) alive = false;
        else die(reason);
        return Promise.resolve();
      },
    };
  };
}
