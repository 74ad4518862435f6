// All workloads, in the order in which they run.
import { budget } from './budget.ts';
import { coldStart } from './cold-start.ts';
import { children } from './w7-children.ts';
import { disk } from './disk.ts';
import { growth } from './growth.ts';
import { fanOut } from './w5-fan-out.ts';
import { latency } from './latency.ts';
import { hot } from './hot.ts';
import { kill } from './w9-kill.ts';
import { lanes } from './lanes.ts';
import { longHistory } from './long-history.ts';
import { memory } from './w8-memory.ts';
import { nothing } from './w1-nothing.ts';
import { oneActivity } from './w2-one-activity.ts';
import { parallel } from './parallel.ts';
import { payloads } from './payloads.ts';
import { reload } from './reload.ts';
import { replay } from './replay.ts';
import { queries } from './w6q-queries.ts';
import { sequentialStep } from './w4-sequential-step.ts';
import { scale } from './scale.ts';
import { share } from './share.ts';
import { signals } from './w6-signals.ts';
import { soak } from './soak.ts';
import { tenActivities } from './w3-ten-activities.ts';
import { timers } from './timers.ts';
import type { Workload } from '../lib/workload.ts';

export const WORKLOADS: readonly Workload[] = [
  nothing,
  oneActivity,
  tenActivities,
  sequentialStep,
  fanOut,
  signals,
  queries,
  children,
  latency,
  disk,
  budget,
  memory,
  kill,
  replay,
  coldStart,
  reload,
  payloads,
  growth,
  scale,
  timers,
  longHistory,
  parallel,
  hot,
  share,
  lanes,
  soak,
];
