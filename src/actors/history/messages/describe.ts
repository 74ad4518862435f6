// Describe: how a run stands. Changes nothing; the answer is still an effect, released when what it tells is durable.
import type { DescribeMessage } from '../../../model/message';
import { describeRun } from '../description';
import type { Draft } from '../draft';
import { NO_SUCH_RUN } from '../refusals';
import { findRun } from '../target';

export function describe(draft: Draft, { to, waiter }: DescribeMessage): void {
  const run = findRun(draft.runs, to);
  if (run === undefined) draft.refuse(waiter, NO_SUCH_RUN);
  else draft.answer(waiter, { kind: 'described', description: describeRun(run) });
}
