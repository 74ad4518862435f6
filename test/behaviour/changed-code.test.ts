// Code that was changed under a running workflow: the failure names the event, what history has, what the code asks for, and the
// line of the user's file where it does.
import { fileURLToPath } from 'node:url';
import { Troupe } from 'troupe';
import { Worker } from 'troupe/worker';
import { DeterminismViolationError } from 'troupe/workflow';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { eventually, removeTemporaryFolders, temporaryFolder } from './support/modes.ts';

const FOLDER = 'test/behaviour/workflows/changed';
const codeOf = (version: string): URL => new URL(`./workflows/changed/${version}.ts`, import.meta.url);

/** What the workflow has done under its first version: an activity, then a timer. */
const changes: readonly (readonly [version: string, parts: readonly string[]])[] = [
  [
    'another-command',
    [
      `HistoryEvent(id: 11, TimerStarted)`,
      `In history: TimerStarted (id '1')`,
      `asks for: ScheduleActivityTask 'ship' (id '2') at send (${FOLDER}/another-command.ts:14:9)`,
    ],
  ],
  [
    'another-activity',
    [
      `event 5, ActivityTaskScheduled`,
      `In history: ActivityTaskScheduled 'charge' (id '1')`,
      `asks for: ScheduleActivityTask 'bill' (id '1') at order (${FOLDER}/another-activity.ts:6:9)`,
    ],
  ],
  [
    'one-command-more',
    [
      `In history: nothing more of what HistoryEvent(id: 10, WorkflowTaskCompleted) asked for`,
      `asks for: StartTimer (id '2') at order (${FOLDER}/one-command-more.ts:7:40)`,
    ],
  ],
  [
    'no-command',
    [
      `HistoryEvent(id: 11, TimerStarted)`,
      `the workflow code asks for nothing here; it waits at order (${FOLDER}/no-command.ts:7:9)`,
    ],
  ],
  [
    'early-end',
    [
      `HistoryEvent(id: 11, TimerStarted)`,
      `asks for: CompleteWorkflowExecution, after it went on from order (${FOLDER}/early-end.ts:6:9)`,
    ],
  ],
  [
    'early-failure',
    [
      `HistoryEvent(id: 11, TimerStarted)`,
      `asks for: FailWorkflowExecution (sold out) at order (${FOLDER}/early-failure.ts:7:28)`,
    ],
  ],
  [
    'another-end',
    [
      `HistoryEvent(id: 11, TimerStarted)`,
      `asks for: ContinueAsNewWorkflowExecution 'order' at order (${FOLDER}/another-end.ts:7:9)`,
    ],
  ],
  [
    'end-at-once',
    [
      `HistoryEvent(id: 5, ActivityTaskScheduled)`,
      `asks for: CompleteWorkflowExecution, without having waited for anything`,
    ],
  ],
];

const logger = { warn: () => undefined, error: () => undefined };
const activities = { charge: async () => undefined };

async function startOn(troupe: Troupe): Promise<unknown> {
  const handle = await troupe.client.workflow.start('order', { workflowId: 'order' });
  const history = (): Promise<{ readonly events: readonly unknown[] }> => handle.fetchHistory();
  await eventually('it sleeps', async () => (await history()).events.length >= 11);
  return history();
}

async function historyBefore(): Promise<unknown> {
  const workflowsPath = codeOf('before');
  const troupe = await Troupe.open({ store: 'memory', threads: 0, logger, workflowsPath, activities });
  const history = await startOn(troupe);
  await troupe.close({ within: '2 s' });
  return history;
}

describe('a replay of the history', () => {
  let history: unknown;
  beforeAll(async () => {
    history = await historyBefore();
  });

  test.each(changes)('says what is wrong, and where: %s', async (version, parts) => {
    const replay = Worker.runReplayHistory({ workflowsPath: codeOf(version) }, history, 'order');
    const error = await replay.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(DeterminismViolationError);
    const { message, stack } = error as Error;
    for (const part of parts) expect(message).toContain(part);
    if (version !== 'end-at-once') expect(stack).toContain(`${FOLDER}/${version}.ts:`);
  });
});

test('what passes through interceptors is found in the workflow, not in them', async () => {
  const replay = Worker.runReplayHistory(
    {
      workflowsPath: codeOf('another-activity'),
      interceptors: { workflowModules: [fileURLToPath(codeOf('interceptor'))] },
    },
    await historyBefore(),
  );
  await expect(replay).rejects.toThrow(`'bill' (id '1') at order (${FOLDER}/another-activity.ts:6:9)`);
});

describe.each([0, 1])('a workflow that goes on with %i threads', (threads) => {
  const opened: Troupe[] = [];
  afterEach(async () => {
    for (const troupe of opened.splice(0)) await troupe.close({ within: '2 s' });
    removeTemporaryFolders();
  });

  test.each(changes)('fails its task saying what is wrong, and where: %s', async (version, parts) => {
    const path = temporaryFolder();
    const open = async (code: string): Promise<Troupe> => {
      const troupe = await Troupe.open({ path, threads, logger, workflowsPath: codeOf(code), activities });
      opened.push(troupe);
      return troupe;
    };
    const first = await open('before');
    await startOn(first);
    await first.close({ within: '2 s' });

    const second = await open(version);
    const messages: string[] = [];
    second.on('turnFailed', ({ message }) => void messages.push(message));
    await second.client.workflow.getHandle('order').signal('wake up');
    await eventually('the task fails', () => messages.length > 0);
    for (const part of parts) expect(messages[0]).toContain(part);
    await second.client.workflow.getHandle('order').terminate('enough');
  });
});
