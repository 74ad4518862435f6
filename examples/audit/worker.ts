// The worker process of the audit: opens the store, runs the workflows, writes the report. May be killed at any moment;
// the next one goes on. Started by main.ts, and ends with it.
import { setTimeout as sleep } from 'node:timers/promises';
import { Context } from 'troupe/activity';
import { Troupe } from 'troupe';
import { WorkflowExecutionAlreadyStartedError } from 'troupe/client';
import type { Client, WorkflowHandle } from 'troupe/client';
import { createActivities } from './activities/index.ts';
import { Approvals } from './lib/approvals.ts';
import { storeFolder, useDataFolder } from './lib/data-folder.ts';
import type { FromWorker, Job, ToWorker } from './lib/protocol.ts';
import { workflowIdOf } from './lib/workflow-id.ts';
import { checkHistories } from './report/check-histories.ts';
import { gather } from './report/gather.ts';
import { writeReport } from './report/write.ts';
import { auditFolder, progress } from './workflows.ts';

/** The process before us may be on its way out. */
const WAIT_FOR_OWNER_MS = 20_000;
const PROGRESS_EVERY_MS = 150;
/** Who pressed Ctrl-C does not want to wait for a large package: its step is repeated. */
const CLOSE_WITHIN = '2 seconds';

const job = JSON.parse(process.argv[2] ?? '') as Job;
const { state, data } = job;
useDataFolder(data);
const stopped = untilStopped();
const approvals = new Approvals(job.approveAll);
process.on('message', (message: ToWorker) => {
  if (message.kind === 'approve') approvals.approve(message.name);
});

try {
  const troupe = await Troupe.open({
    path: storeFolder(data),
    waitForOwner: WAIT_FOR_OWNER_MS,
    workflowsPath: new URL('./workflows.ts', import.meta.url),
    activities: createActivities({ onRecorded: crashPoint() }),
    activitiesPath: new URL('./activities/cpu.ts', import.meta.url),
  });
  tell({ kind: 'open' });
  try {
    await Promise.race([audit(troupe.client), stopped]);
  } finally {
    await troupe.close({ within: CLOSE_WITHIN });
  }
} catch (error) {
  tell({
    kind: 'failed',
    message: error instanceof Error ? `${error.name}: ${messagesOf(error)}` : String(error),
  });
  process.exitCode = 1;
}
end();

/** Starts the audit's workflow, or finds it started, and stays with it to its end. */
async function audit(client: Client): Promise<void> {
  const handle = await startOrFind(client);
  const over = new AbortController();
  const watching = watch(client, handle, over.signal);
  try {
    await handle.result();
  } finally {
    over.abort();
    await watching;
  }
  const histories = await checkHistories(client, data, state.audit.id);
  const findings = gather({ data, report: job.report, state, histories });
  writeReport(job.report, findings);
  tell({ kind: 'finished', summary: findings.summary });
}

async function startOrFind(client: Client): Promise<WorkflowHandle<typeof auditFolder>> {
  const workflowId = workflowIdOf(state.audit.id);
  await endOthers(client, workflowId);
  const { audit, window, licenceWaitMs } = state;
  try {
    return await client.workflow.start(auditFolder, {
      workflowId,
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      args: [{ audit, window, licenceWaitMs }],
    });
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return client.workflow.getHandle(workflowId);
    throw error;
  }
}

/** Audits that were given up with --fresh. */
async function endOthers(client: Client, workflowId: string): Promise<void> {
  const query = `WorkflowType = 'auditFolder' AND ExecutionStatus = 'Running'`;
  for await (const other of client.workflow.list({ query })) {
    if (other.workflowId !== workflowId)
      await client.workflow.getHandle(other.workflowId).terminate('given up');
  }
}

async function watch(
  client: Client,
  handle: WorkflowHandle<typeof auditFolder>,
  over: AbortSignal,
): Promise<void> {
  while (!over.aborted) {
    try {
      const now = await handle.query(progress);
      tell({ kind: 'progress', progress: now });
      await approvals.answer(client, now.questions);
    } catch {
      // Between two runs, or just closed: the next look or the result will tell.
    }
    await sleep(PROGRESS_EVERY_MS, undefined, { signal: over }).catch(() => undefined);
  }
}

/** Half-way the runner kills this process: the step that gets there has its result in the book, and no answer ever. */
function crashPoint(): (recorded: number, total: number) => Promise<void> {
  let due = state.crash === 'due';
  return async (recorded, total) => {
    if (!due || recorded * 2 < total) return;
    due = false;
    tell({ kind: 'halfway', recorded, total });
    await Context.current().cancelled;
  };
}

/** Ctrl-C reaches every process of a terminal; the runner decides, and when it is gone so are we. */
function untilStopped(): Promise<void> {
  process.on('SIGINT', () => undefined);
  return new Promise((resolve) => {
    process.on('SIGTERM', () => resolve());
    process.on('disconnect', () => resolve());
    process.on('message', (message: ToWorker) => {
      if (message.kind === 'stop') resolve();
    });
  });
}

/** Whatever still runs after the store was closed is given up: its attempt will be repeated. */
function end(): void {
  if (!process.connected) process.exit();
  // Comes when every message has left.
  process.once('disconnect', () => process.exit());
  process.disconnect();
}

function tell(message: FromWorker): void {
  if (process.connected) process.send?.(message);
}

function messagesOf(error: Error): string {
  const { cause } = error;
  return cause instanceof Error ? `${error.message}: ${messagesOf(cause)}` : error.message;
}
