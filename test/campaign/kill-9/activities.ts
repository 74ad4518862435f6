// Runs in the process that is killed. Every execution is a line in a file, so that repeats can be counted.
import { appendFileSync } from 'node:fs';
import { activityInfo } from 'troupe/activity';

export async function record(value: number): Promise<number> {
  const { workflowExecution, activityId, attempt } = activityInfo();
  const file = process.env['TROUPE_EXECUTIONS'];
  if (file !== undefined) {
    appendFileSync(file, `${workflowExecution?.runId} ${activityId} ${attempt} ${value}\n`);
  }
  await new Promise((resolve) => setTimeout(resolve, value % 5));
  return value;
}
