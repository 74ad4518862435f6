// Histories of Temporal, replayed as a user replays his own before he deploys a change.
import { expect, test } from 'vitest';
import { Worker } from 'troupe/worker';
import { broken, readHistory, recordingsOf, scenarios, sourcePath } from '../../support/official-histories';
import { changedWaitsFor, replayWaitsFor } from '../../support/official-histories/waiting';

const recordings = scenarios.flatMap((scenario) =>
  recordingsOf(scenario).map((recorded) => ({ ...recorded, waitsFor: replayWaitsFor(scenario) })),
);

test('all fit the code that wrote them', async () => {
  const now = recordings.filter(({ waitsFor }) => waitsFor === undefined);
  const histories = now.map(({ workflowId, file }) => ({ workflowId, history: readHistory(file) }));
  const results = [];
  for await (const result of Worker.runReplayHistories(
    { workflowsPath: sourcePath('workflows.ts') },
    histories,
  )) {
    results.push(result);
  }
  expect(results.filter(({ error }) => error !== undefined)).toEqual([]);
  expect(results.map(({ workflowId }) => workflowId)).toEqual(now.map(({ workflowId }) => workflowId));
});

test.each(broken.filter(({ changed }) => changedWaitsFor(changed) === undefined))(
  '$changed does not fit $history',
  async ({ history, changed, essential }) => {
    const { events } = readHistory(history);
    const [started, ...rest] = structuredClone(events) as [
      { workflowExecutionStartedEventAttributes: { workflowType: { name: string } } },
      ...unknown[],
    ];
    started.workflowExecutionStartedEventAttributes.workflowType.name = changed;
    const options = { workflowsPath: sourcePath('workflows-changed.ts') };
    const replay = Worker.runReplayHistory(options, { events: [started, ...rest] }, 'w');
    await expect(replay).rejects.toMatchObject({
      name: 'DeterminismViolationError',
      message: expect.stringContaining(essential) as string,
    });
  },
);

test('a history of a later feature is told from one that does not fit', async () => {
  const history = readHistory('histories/update-completed.json');
  const replay = Worker.runReplayHistory({ workflowsPath: sourcePath('workflows.ts') }, history, 'w');
  await expect(replay).rejects.toMatchObject({
    name: 'ReplayError',
    cause: { name: 'UnsupportedHistoryError', feature: 'workflow updates' },
  });
});
