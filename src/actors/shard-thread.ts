// Entry of a shard thread: one long piscina task that holds a MessagePort and runs one shard until it is ended.
// May be killed at any instant; opens nothing, acknowledges nothing. An error that leaves it is the end of this generation.
import type { MessagePort } from 'node:worker_threads';
import type { LaneSetup } from '../wire/lane-setup';
import { TurnMonitor } from '../wire/turn-monitor';
import { createShard } from './create-shard';

interface ShardTask {
  readonly setup: LaneSetup;
  readonly port: MessagePort;
  readonly memory: SharedArrayBuffer;
}

export default function runShard({ setup, port, memory }: ShardTask): Promise<void> {
  const shard = createShard(setup, new TurnMonitor(memory));
  return new Promise((resolve) => {
    port.on('message', (post: Uint8Array) => {
      for (const batch of shard.handle(post)) {
        port.postMessage(batch, [batch.buffer]);
      }
    });
    port.on('close', resolve);
  });
}
