// The host's side: clients, workers, connections, test environments, stores that are opened again.
import { CompleteAsyncError, activityInfo } from 'troupe/activity';
import { Client, Connection, WorkflowExecutionAlreadyStartedError } from 'troupe/client';
import { RemoteServerError, Troupe } from 'troupe';
import { TestWorkflowEnvironment } from 'troupe/testing';
import { bundleWorkflowCode, NativeConnection, Worker } from 'troupe/worker';
import { afterAll, describe, expect, test } from 'vitest';
import { eventually, inEachMode, removeTemporaryFolders, temporaryFolder } from './support/modes.ts';

const workflowsPath = new URL('./workflows/host.ts', import.meta.url);
const quiet = { warn: () => undefined, error: () => undefined };
afterAll(removeTemporaryFolders);

inEachMode({ workflowsPath }, (running) => {
  test('a repeated start with the same request id is one run, with another one it is refused', async () => {
    const { workflow } = running.troupe.client;
    const options = { workflowId: 'once', args: [1] };
    const first = await workflow.start('sum', { ...options, requestId: 'a' });
    const again = await workflow.start('sum', { ...options, requestId: 'a' });
    expect(again.firstExecutionRunId).toBe(first.firstExecutionRunId);
    await expect(workflow.start('sum', { ...options, requestId: 'b' })).rejects.toBeInstanceOf(
      WorkflowExecutionAlreadyStartedError,
    );
  });

  test('signalWithStart starts the workflow once and signals it each time', async () => {
    const { workflow } = running.troupe.client;
    const options = { workflowId: 'signalled', args: [2] as [number], signal: 'add' };
    await workflow.signalWithStart('sum', { ...options, signalArgs: [1] });
    const handle = await workflow.signalWithStart('sum', { ...options, signalArgs: [2] });
    expect(await handle.result()).toBe(3);
  });

  test('list and count find runs by type, id and status, page by page', async () => {
    const { workflow } = running.troupe.client;
    for (let index = 0; index < 5; index += 1) {
      const handle = await workflow.start('sum', {
        workflowId: `listed-${index}`,
        args: [index < 3 ? 0 : 1],
      });
      if (index < 3) await handle.result();
    }
    const ids = async (query: string): Promise<readonly string[]> => {
      const found: string[] = [];
      for await (const { workflowId } of workflow.list({ query, pageSize: 2 })) found.push(workflowId);
      return found.sort();
    };
    expect(await ids("ExecutionStatus = 'Running'")).toEqual(['listed-3', 'listed-4']);
    expect(await ids("WorkflowType = 'sum' AND ExecutionStatus = 'Completed'")).toEqual([
      'listed-0',
      'listed-1',
      'listed-2',
    ]);
    expect(await ids("WorkflowId = 'listed-1'")).toEqual(['listed-1']);
    expect((await workflow.count("WorkflowType = 'sum'")).count).toBe(5);
    expect((await workflow.count("ExecutionStatus = 'Running'")).count).toBe(2);
  });

  test('events tell of starts and ends, and stats count commits', async () => {
    const { troupe } = running;
    const seen: string[] = [];
    troupe.on('workflowStarted', ({ execution }) => void seen.push(`started ${execution.workflowId}`));
    troupe.on(
      'workflowClosed',
      ({ execution, status }) => void seen.push(`${status} ${execution.workflowId}`),
    );
    await troupe.client.workflow.execute('sum', { workflowId: 'told', args: [0] });
    await eventually('both are told', () => seen.length === 2);
    expect(seen).toEqual(['started told', 'COMPLETED told']);
    const { durable, answered } = troupe.stats().commits;
    expect(answered).toBeGreaterThan(0);
    expect(answered).toBeLessThanOrEqual(durable);
  });
});

test('an activity that somebody else completes survives a restart of the engine', async () => {
  const path = temporaryFolder();
  let token: Uint8Array | undefined;
  const open = (): Promise<Troupe> =>
    Troupe.open({
      path,
      threads: 1,
      logger: quiet,
      workflowsPath,
      activities: {
        later: async () => {
          token = activityInfo().taskToken;
          throw new CompleteAsyncError();
        },
      },
    });
  const first = await open();
  await first.client.workflow.start('waitsForSomebody', { workflowId: 'async' });
  await eventually('the activity has begun', () => token !== undefined);
  await eventually('its function has ended', () => first.stats().runningActivities === 0);
  await first.close({ within: '2 s' });
  const second = await open();
  await second.client.activity.complete(token as Uint8Array, 'from outside');
  expect(await second.client.workflow.getHandle('async').result()).toBe('from outside');
  await second.close({ within: '2 s' });
});

test('a workflow that sleeps on disk between its signals behaves as one that stays in memory', async () => {
  const troupe = await Troupe.open({
    path: temporaryFolder(),
    threads: 1,
    logger: quiet,
    workflowsPath,
    idleEvict: 0,
  });
  const handle = await troupe.client.workflow.start('sum', { workflowId: 'sleepy', args: [3] });
  for (const value of [1, 2, 3]) {
    await eventually('it has left memory', () => troupe.stats().residentWorkflows === 0);
    await handle.signal('add', value);
  }
  expect(await handle.result()).toBe(6);
  await troupe.close({ within: '2 s' });
});

describe('the way of code that was written for Temporal', () => {
  test('connection, client and worker meet in this process', async () => {
    const env = await TestWorkflowEnvironment.createLocal();
    const connection = await Connection.connect({ address: env.address });
    const native = await NativeConnection.connect({ address: env.address });
    const worker = await Worker.create({
      connection: native,
      taskQueue: 'numbers',
      workflowBundle: await bundleWorkflowCode({ workflowsPath: workflowsPath.pathname }),
    });
    const client = new Client({ connection });
    const result = await worker.runUntil(async (): Promise<unknown> => {
      const handle = await client.workflow.start('sum', { workflowId: 'n', taskQueue: 'numbers', args: [1] });
      await handle.signal('add', 41);
      return (await handle.result()) as unknown;
    });
    expect(result).toBe(41);
    await connection.close();
    await native.close();
    await env.teardown();
  });

  test('a server elsewhere is refused, never silently replaced', async () => {
    await expect(Connection.connect({ address: 'temporal.example.com:7233' })).rejects.toBeInstanceOf(
      RemoteServerError,
    );
    await expect(Connection.connect({ tls: true })).rejects.toBeInstanceOf(RemoteServerError);
  });

  test('90 days pass in a moment when time is skipped', async () => {
    const env = await TestWorkflowEnvironment.createTimeSkipping();
    const worker = await Worker.create({
      connection: env.nativeConnection,
      taskQueue: 'default',
      workflowsPath: workflowsPath.pathname,
    });
    const slept = await worker.runUntil<unknown>(
      env.client.workflow.execute('quarterOfAYear', { workflowId: 'q', taskQueue: 'default' }),
    );
    expect(slept).toBeGreaterThanOrEqual(90 * 86_400_000);
    await env.teardown();
  });
});
