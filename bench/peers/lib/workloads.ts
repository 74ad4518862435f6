// The workloads, the same for each peer: loops, warm-up, window and counting are those of Troupe's own bench.
import { CpuMeter } from '../../lib/machine.ts';
import { closedLoop, warmUp } from '../../lib/loop.ts';
import type { Window } from '../../lib/loop.ts';
import { repeat } from '../../lib/measure.ts';
import type { Repeats, Row } from '../../lib/measure.ts';
import { Samples } from '../../lib/statistics.ts';
import { treeCpuMs } from './process-tree.ts';
import type { Program, RunningPeer, WorkloadId } from './peer.ts';

export interface Sizes {
  /** Callers at once in W1, W2 and W3. */
  readonly callers: readonly number[];
  readonly window: Window;
  readonly repeats: Repeats;
  /** W4 */
  readonly steps: number;
  /** W6, for each workflow. */
  readonly messages: number;
}

export interface Measuring extends Sizes {
  readonly peer: string;
  readonly progress: (text: string) => void;
  readonly tell: (row: Row) => void;
}

interface Execution {
  readonly what: string;
  readonly unit: string;
  readonly program: Program;
  readonly size: number;
  /** Workflows at once, where it is not the callers' number that varies. */
  readonly inFlight?: number;
}

const EXECUTIONS = {
  W1: { what: 'no activity', unit: 'workflows/s', program: 'nothing', size: 0 },
  W2: { what: 'one activity', unit: 'workflows/s', program: 'sequence', size: 1 },
  W3: { what: 'ten activities', unit: 'workflows/s', program: 'sequence', size: 10 },
  W5: { what: 'fan-out of 100 activities', unit: 'workflows/s', program: 'fanOut', size: 100, inFlight: 16 },
  W7: { what: 'ten children each', unit: 'parents/s', program: 'parent', size: 10, inFlight: 16 },
} as const satisfies { readonly [Id in WorkloadId]?: Execution };

/** W6 */
const RECEIVERS = 16;

export function inFlightMax(id: WorkloadId, { callers }: Sizes): number {
  if (id === 'W4') return 1;
  return id === 'W1' || id === 'W2' || id === 'W3' ? Math.max(...callers) : RECEIVERS;
}

export async function measure(id: WorkloadId, running: RunningPeer, measuring: Measuring): Promise<void> {
  if (id === 'W4') await steps(running, measuring);
  else if (id === 'W6') await messages(running, measuring);
  else await executions(id, EXECUTIONS[id], running, measuring);
}

async function executions(
  workload: WorkloadId,
  { what, unit, program, size, inFlight: fixed }: Execution,
  running: RunningPeer,
  { peer, callers, window, repeats, progress, tell }: Measuring,
): Promise<void> {
  for (const inFlight of fixed === undefined ? callers : [fixed]) {
    const name = { peer, workload, what, unit, inFlight, better: 'higher' } as const;
    const row = await repeat(name, repeats, async () => {
      progress(`${what}, ${inFlight} in flight`);
      const { perSecond, latency, cores, foreign } = await closedLoop(
        inFlight,
        window,
        () => executeChecked(running, program, size),
        treeCpuMs,
      );
      return { value: perSecond, latency, cores, foreign };
    });
    tell(row);
  }
}

async function executeChecked(running: RunningPeer, program: Program, size: number): Promise<void> {
  const result = await running.execute(program, size);
  const expected = program === 'nothing' ? 'done' : size;
  if (result !== expected) throw new Error(`${program} gave ${String(result)}, not ${expected}`);
}

async function steps(
  running: RunningPeer,
  { peer, window, steps, repeats, progress, tell }: Measuring,
): Promise<void> {
  await warmUp(window, () => executeChecked(running, 'sequence', 20));
  const what = `${steps} steps in one workflow`;
  const name = { peer, workload: 'W4', what, unit: 'ms/step', better: 'lower' } as const;
  const row = await repeat(name, repeats, async () => {
    progress(what);
    const cpu = new CpuMeter(treeCpuMs);
    const startedAt = performance.now();
    await executeChecked(running, 'sequence', steps);
    return { value: (performance.now() - startedAt) / steps, ...cpu.read() };
  });
  tell(row);
}

async function messages(
  running: RunningPeer,
  { peer, window, messages, repeats, progress, tell }: Measuring,
): Promise<void> {
  const what = `messages to ${RECEIVERS} workflows`;
  const name = {
    peer,
    workload: 'W6',
    what,
    unit: 'messages/s',
    inFlight: RECEIVERS,
    better: 'higher',
  } as const;
  await warmUp(window, () => round(running, 5, new Samples()));
  const row = await repeat(name, repeats, async () => {
    progress(what);
    const samples = new Samples();
    const cpu = new CpuMeter(treeCpuMs);
    const seconds = await round(running, messages, samples);
    return { value: samples.count / seconds, latency: samples.latency(), ...cpu.read() };
  });
  tell(row);
}

/** @returns the seconds from the first send until the last is acknowledged. */
async function round(running: RunningPeer, messages: number, samples: Samples): Promise<number> {
  const { startReceiver } = running;
  if (startReceiver === undefined) throw new Error('the adapter has no receiver');
  const receivers = await Promise.all(Array.from({ length: RECEIVERS }, () => startReceiver(messages)));
  const startedAt = performance.now();
  await Promise.all(
    receivers.map(async (receiver) => {
      for (let sent = 0; sent < messages; sent += 1) {
        const sentAt = performance.now();
        await receiver.send();
        samples.add(performance.now() - sentAt);
      }
    }),
  );
  const seconds = (performance.now() - startedAt) / 1_000;
  for (const receiver of receivers) {
    const received = await receiver.result();
    if (received !== messages) throw new Error(`${String(received)} of ${messages} messages arrived`);
  }
  return seconds;
}
