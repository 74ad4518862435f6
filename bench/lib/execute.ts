// The measured call of most workloads: start a workflow and wait for its result, both durable.
import type { TroupeOptions } from 'troupe';
import type * as workflows from '../code/workflows.ts';
import { closedLoop } from './loop.ts';
import { repeat } from './measure.ts';
import type { Row, RowName } from './measure.ts';
import type { Bench, Opened } from './workload.ts';

type Workflows = typeof workflows;

export interface Execution<Name extends keyof Workflows> {
  readonly workflow: Name;
  readonly args: readonly unknown[];
  /** Checked in every run: a bench that computes nonsense measures nothing. */
  readonly expected: unknown;
}

/** The rate of executions at each number of callers, on one store. */
export async function executeRows<Name extends keyof Workflows>(
  bench: Bench,
  { workload, what, unit }: Pick<RowName, 'workload' | 'what' | 'unit'>,
  callers: readonly number[],
  execution: Execution<Name>,
  more: TroupeOptions = {},
): Promise<Row[]> {
  return bench.withTroupe(async (opened) => {
    const rows: Row[] = [];
    for (const inFlight of callers) {
      bench.progress(`${workload} ${what}, ${inFlight} in flight`);
      const name: RowName = { workload, what, unit, inFlight, better: 'higher' };
      rows.push(
        await repeat(name, bench.repeats, async () => {
          const { perSecond, latency, cores, foreign } = await closedLoop(inFlight, bench.window, () =>
            execute(opened, execution),
          );
          return { value: perSecond, latency, cores, foreign };
        }),
      );
    }
    return rows;
  }, more);
}

async function execute<Name extends keyof Workflows>(
  { troupe, guard, nextId }: Opened,
  { workflow, args, expected }: Execution<Name>,
): Promise<void> {
  const handle = await troupe.client.workflow.start(workflow, { workflowId: nextId(), args: [...args] });
  guard.check();
  const result: unknown = await handle.result();
  guard.check();
  if (result !== expected) throw new Error(`${workflow} gave ${String(result)}, not ${String(expected)}`);
}
