// Wrong input and wrong code: a clear error or a task that waits for better code, and others never notice.
import { fork } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Troupe } from 'troupe';
import { isGrpcDeadlineError, ServiceError, WorkflowFailedError, type WorkflowHandle } from 'troupe/client';
import { ApplicationFailure } from 'troupe/common';
import { afterEach, describe, expect, test } from 'vitest';
import { eventually, inEachMode, removeTemporaryFolders, temporaryFolder } from './support/modes.ts';
import { end, failsUntilMended, isMended, mend } from './workflows/trouble.ts';

const workflowsPath = new URL('./workflows/trouble.ts', import.meta.url);
/** Of gRPC. */
const STATUS_FAILED_PRECONDITION = 9;

const thrownBy = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'nothing was thrown',
    (error: unknown) => error,
  );

let failures = 0;

/** A workflow whose first task has failed often enough to back off. */
async function failing(troupe: Troupe): Promise<WorkflowHandle<typeof failsUntilMended>> {
  let failed = 0;
  troupe.on('turnFailed', () => void (failed += 1));
  const workflowId = `failing-${(failures += 1)}`;
  const handle = await troupe.client.workflow.start(failsUntilMended, { workflowId });
  await eventually('the task fails twice', () => failed >= 2);
  return handle;
}

const quiet = { warn: () => undefined, error: () => undefined };

inEachMode({ workflowsPath, activities: {} }, (running) => {
  test('an unknown workflow type waits, and the failure and the log say which types exist', async () => {
    const { troupe, log } = running;
    const messages: string[] = [];
    troupe.on('turnFailed', ({ message }) => void messages.push(message));
    const handle = await troupe.client.workflow.start('nobody', { workflowId: 'unknown' });
    await eventually('the task fails', () => messages.length > 0);
    expect(messages[0]).toContain('no such function is exported by the workflow bundle');
    expect(messages[0]).toContain('innocent');
    expect(log.join('\n')).toMatch(/A workflow task of 'unknown' failed and is tried again: .*innocent/);
    expect((await handle.describe()).status.name).toBe('RUNNING');
    await handle.terminate('enough');
  });

  test('an unknown activity fails with a failure that names it', async () => {
    const { workflow } = running.troupe.client;
    const error: unknown = await workflow
      .execute('callsAbsent', { workflowId: 'absent' })
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(WorkflowFailedError);
    const { cause } = (error as WorkflowFailedError).cause as Error;
    expect(cause).toBeInstanceOf(ApplicationFailure);
    expect((cause as Error).message).toContain('absent is not registered');
  });

  test.each([
    ['a BigInt', [1n]],
    ['a function', [() => undefined]],
  ])('%s as an argument is refused before anything is written', async (_what, args) => {
    const { workflow } = running.troupe.client;
    await expect(workflow.start('innocent', { workflowId: 'refused', args })).rejects.toThrow(/args\[0\]/);
    await expect(workflow.getHandle('refused').describe()).rejects.toThrow(/not found/);
  });

  test('an argument over 2 MB and an id over 1,000 bytes are refused', async () => {
    const { workflow } = running.troupe.client;
    const big = 'x'.repeat(2 * 1_024 * 1_024 + 1);
    await expect(workflow.start('innocent', { workflowId: 'big', args: [big] })).rejects.toThrow(/bytes/);
    await expect(workflow.start('innocent', { workflowId: 'x'.repeat(1_001) })).rejects.toThrow(/1000/);
  });

  test.each(['throwsPlain', 'rejectsUnheard'])(
    '%s fails its task, not the workflow',
    async (workflowType) => {
      const { troupe } = running;
      let failed = 0;
      troupe.on('turnFailed', () => void (failed += 1));
      const handle = await troupe.client.workflow.start(workflowType, { workflowId: workflowType });
      await eventually('the task fails', () => failed > 0);
      expect((await handle.describe()).status.name).toBe('RUNNING');
      expect(await troupe.client.workflow.execute('innocent', { workflowId: 'beside' })).toBe('fine');
      await handle.terminate('enough');
    },
  );

  test('as on Temporal’s server, a query is refused while the first workflow task keeps failing', async () => {
    const { troupe } = running;
    const handle = await failing(troupe);
    const error = await thrownBy(handle.query(isMended));
    expect(error).toBeInstanceOf(ServiceError);
    expect((error as ServiceError).cause).toMatchObject({
      code: STATUS_FAILED_PRECONDITION,
      details: 'Cannot query workflow due to Workflow Task in failed state.',
    });
    await handle.terminate('enough');
  });

  test('as on Temporal’s server, a query that comes with news for a failing task waits until the task succeeds', async () => {
    const { troupe } = running;
    const handle = await failing(troupe);
    await handle.signal(mend);
    expect(await handle.query(isMended)).toBe(true);
    await handle.signal(end);
    await handle.result();
  });

  test('as on Temporal’s server, a query to a task that does not succeed waits until its deadline', async () => {
    const { troupe } = running;
    const handle = await failing(troupe);
    await handle.signal('of no use');
    const error = await thrownBy(troupe.client.withDeadline(Date.now() + 100, () => handle.query(isMended)));
    expect(isGrpcDeadlineError(error)).toBe(true);
    await handle.terminate('enough');
  });

  test('a query to an unknown name says which names there are', async () => {
    const { workflow } = running.troupe.client;
    const handle = await workflow.start('innocent', { workflowId: 'asked' });
    await expect(handle.query('nothing')).rejects.toThrow(/did not register a handler for nothing/);
    expect(await handle.result()).toBe('fine');
    await expect(handle.signal('late')).rejects.toThrow(/completed/);
  });
});

describe('on a thread', () => {
  afterEach(removeTemporaryFolders);

  test('a workflow that never awaits loses its thread, and the others go on', async () => {
    const troupe = await Troupe.open({
      path: temporaryFolder(),
      threads: 1,
      turnLimit: '200 ms',
      logger: quiet,
      workflowsPath,
    });
    let lost = 0;
    troupe.on('laneReplaced', () => void (lost += 1));
    const { workflow } = troupe.client;
    const endless = await workflow.start('endless', { workflowId: 'endless' });
    const innocent = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        workflow.execute('innocent', { workflowId: `beside-${index}` }),
      ),
    );
    expect(innocent).toEqual(Array.from({ length: 10 }, () => 'fine'));
    await eventually('the thread is replaced', () => lost > 0);
    await endless.terminate('enough');
    await troupe.close({ within: '2 s' });
  });

  test('a workflow that has cost too many threads is not run any more, until its code is mended', async () => {
    const path = temporaryFolder();
    const open = (version: string): Promise<Troupe> =>
      Troupe.open({
        path,
        threads: 1,
        turnLimit: '100 ms',
        logger: quiet,
        workflowsPath: new URL(`./workflows/versions/${version}.ts`, import.meta.url),
      });
    const first = await open('endless');
    const messages: string[] = [];
    first.on('turnFailed', ({ message }) => void messages.push(message));
    const { workflow } = first.client;
    await workflow.start('mended', { workflowId: 'mended' });
    await eventually('it is given up', () => messages.some((message) => message.includes('cost 3 threads')));
    await first.close({ within: '2 s' });

    const second = await open('mended');
    let lost = 0;
    second.on('laneReplaced', () => void (lost += 1));
    expect(await second.client.workflow.getHandle('mended').result()).toBe('mended');
    expect(lost).toBe(0);
    await second.close({ within: '2 s' });
  });

  test('changed code fails its task with the event in the message, and the run goes on once it is put right', async () => {
    const path = temporaryFolder();
    const open = (version: string): Promise<Troupe> =>
      Troupe.open({
        path,
        threads: 1,
        logger: quiet,
        workflowsPath: new URL(`./workflows/versions/${version}.ts`, import.meta.url),
        activities: { work: async () => undefined },
      });
    const first = await open('one');
    const started = await first.client.workflow.start('changing', { workflowId: 'changing' });
    await eventually('it sleeps', async () => (await started.fetchHistory()).events.length >= 5);
    await first.close({ within: '2 s' });

    const second = await open('two');
    const messages: string[] = [];
    second.on('turnFailed', ({ message }) => void messages.push(message));
    const handle = second.client.workflow.getHandle('changing');
    await handle.signal('wake up');
    await eventually('the task fails', () => messages.length > 0);
    expect(messages[0]).toContain('TimerStarted');
    await second.close({ within: '2 s' });

    const third = await open('one');
    let failed = 0;
    third.on('turnFailed', () => void (failed += 1));
    const again = third.client.workflow.getHandle('changing');
    await eventually('its task is done', async () => {
      const { events } = await again.fetchHistory();
      return events.at(-1)?.eventType === 'EVENT_TYPE_WORKFLOW_TASK_COMPLETED';
    });
    expect(failed).toBe(0);
    await third.close({ within: '2 s' });
  });

  test('a folder that another process has open is refused, naming the process', async () => {
    const path = temporaryFolder();
    const troupe = await Troupe.open({ path, threads: 0, logger: quiet });
    const child = fork(fileURLToPath(new URL('./support/open-folder.mjs', import.meta.url)), [path], {
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    const answer = await new Promise<unknown>((resolve) => child.once('message', resolve));
    expect(answer).toMatchObject({ name: 'StoreLockedError' });
    expect((answer as Error).message).toContain(String(process.pid));
    await troupe.close();
  });

  test('workflow code that loops when it is loaded fails its tasks, and the engine goes on', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'endless.ts'), 'for (;;); export async function never() {}');
    const endless = await Troupe.open({
      store: 'memory',
      threads: 1,
      logger: quiet,
      workflowsPath: join(folder, 'endless.ts'),
    });
    const { workflow } = endless.client;
    const handle = await workflow.start('never', { workflowId: 'never' });
    await eventually('its task has failed', async () =>
      JSON.stringify(await handle.fetchHistory()).includes('a loop outside of its functions does not end'),
    );
    await handle.terminate();
    await endless.close();
  });

  test.skipIf(process.platform !== 'linux')('a path under which nothing can be made is refused', async () => {
    await expect(Troupe.open({ path: '/proc/nothing/here', threads: 0 })).rejects.toMatchObject({
      name: 'StoreUnavailableError',
      path: '/proc/nothing/here',
    });
  });

  test('options that are missing or of a wrong type are named', async () => {
    const wrongPath = Troupe.open({ store: 'memory', threads: 0, workflowsPath: 5 as unknown as string });
    await expect(wrongPath).rejects.toThrow('workflowsPath: a path or a URL of a file');
    const troupe = await Troupe.open({ store: 'memory', threads: 0 });
    const workflow = troupe.client.workflow as unknown as { start(type: string): Promise<unknown> };
    await expect(workflow.start('loop')).rejects.toThrow('Missing options');
    await troupe.close();
  });

  test('a folder opened twice in one process is one engine', async () => {
    const path = temporaryFolder();
    const one = await Troupe.open({ path, threads: 0, logger: quiet, workflowsPath });
    const two = await Troupe.open({ path, threads: 0, logger: quiet });
    expect(await two.client.workflow.execute('innocent', { workflowId: 'shared' })).toBe('fine');
    await one.close();
    expect((await two.client.workflow.getHandle('shared').describe()).status.name).toBe('COMPLETED');
    await two.close();
  });
});
