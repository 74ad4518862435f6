// A shard with all that belongs to it. On whichever thread it is to run.
import type { LaneSetup } from '../wire/lane-setup';
import type { TurnMonitor } from '../wire/turn-monitor';
import { createRealm } from './sandbox';
import { Shard } from './shard';

export const createShard = (setup: LaneSetup, monitor: TurnMonitor): Shard =>
  new Shard({ setup, monitor, createRealm: (bundle) => createRealm(bundle) });
