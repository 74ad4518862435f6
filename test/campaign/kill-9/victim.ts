// The process that is killed: an ordinary user of the package, told what to do by its parent.
import { Troupe } from 'troupe';
import * as activities from './activities.ts';
import type { Answer, Ask, Operation } from './protocol.ts';

const [path] = process.argv.slice(2);
if (path === undefined) throw new Error('usage: victim FOLDER');

const troupe = await Troupe.open({
  path,
  waitForOwner: true,
  threads: Number(process.env['TROUPE_THREADS'] ?? 1),
  workflowsPath: new URL('./workflows.ts', import.meta.url),
  activities,
});
const { workflow } = troupe.client;

async function perform(operation: Operation): Promise<unknown> {
  switch (operation.kind) {
    case 'start': {
      const { workflowType, workflowId, args, requestId } = operation;
      const handle = await workflow.start(workflowType, { workflowId, args: [...args], requestId });
      return { runId: handle.firstExecutionRunId };
    }
    case 'signal': {
      const { workflowId, name, args, requestId } = operation;
      await workflow.getHandle(workflowId).signalWithOptions<unknown[]>(name, { args: [...args], requestId });
      return {};
    }
    case 'query':
      return workflow.getHandle(operation.workflowId).query('sum');
    case 'result':
      return workflow.getHandle(operation.workflowId).result();
    case 'history':
      return workflow.getHandle(operation.workflowId).fetchHistory();
    case 'list': {
      const ids: string[] = [];
      for await (const { workflowId, runId } of workflow.list()) ids.push(`${workflowId} ${runId}`);
      return ids;
    }
    case 'close':
      await troupe.close();
      return {};
  }
}

const tell = (answer: Answer): void => void process.send?.(answer);

process.on('message', ({ id, operation }: Ask) => {
  perform(operation).then(
    (ok) => tell({ id, ok: ok ?? null }),
    (error: unknown) => {
      const { name, message } = error instanceof Error ? error : new Error(String(error));
      tell({ id, error: { name, message } });
    },
  );
});
process.on('disconnect', () => process.exit());
tell({ ready: true });
