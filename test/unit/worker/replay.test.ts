// Replaying histories: what is asked of the sandbox, and what its verdicts become.
import { beforeEach, expect, test } from 'vitest';
import type { HistoryEvent } from '../../../src/model/event';
import { DeterminismViolationError } from '../../../src/workflow/errors';
import { ReplayError } from '../../../src/worker/errors';
import { provideReplay, type ReplayVerdict } from '../../../src/worker/replay-port';
import { Worker } from '../../../src/worker/worker';

const options = { workflowBundle: { code: 'the code' } };
const history = {
  events: [
    {
      eventId: '1',
      eventTime: '2026-01-01T00:00:00Z',
      eventType: 'EVENT_TYPE_WORKFLOW_EXECUTION_STARTED',
      workflowExecutionStartedEventAttributes: {
        workflowType: { name: 'order' },
        taskQueue: { name: 'q', kind: 'TASK_QUEUE_KIND_NORMAL' },
        originalExecutionRunId: 'the-run',
        firstExecutionRunId: 'the-run',
        workflowTaskTimeout: '10s',
        attempt: 1,
      },
    },
  ],
};

let verdict: ReplayVerdict;
let asked: { code: string; events: readonly HistoryEvent[] }[];
let open = 0;
beforeEach(() => {
  asked = [];
  verdict = { kind: 'ok' };
  provideReplay((bundle) => {
    open += 1;
    return Promise.resolve({
      replay(events) {
        asked.push({ code: bundle.code, events });
        return verdict;
      },
      close: () => void (open -= 1),
    });
  });
});

test('a history that fits resolves; the sandbox gets the bundle and the events, and is closed', async () => {
  await Worker.runReplayHistory(options, history, 'order-1');
  expect(asked).toMatchObject([
    {
      code: 'the code',
      events: [{ kind: 'workflowExecutionStarted', workflowType: 'order' }],
    },
  ]);
  expect(open).toBe(0);
});

test('one that does not fit is a DeterminismViolationError with the details', async () => {
  verdict = {
    kind: 'nondeterminism',
    details: '[TMPRL1100] Nondeterminism error: HistoryEvent(id: 5, TimerStarted)',
  };
  const error = await Worker.runReplayHistory(options, history).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(DeterminismViolationError);
  expect((error as Error).message).toMatch(/nondeterminism error.*HistoryEvent\(id: 5, TimerStarted\)/);
});

test('code that throws is a ReplayError with its cause', async () => {
  verdict = { kind: 'taskFailure', failure: { message: 'oops' } };
  const error = await Worker.runReplayHistory(options, history).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ReplayError);
  expect((error as Error).cause).toMatchObject({ message: 'oops' });
});

test('what is no history is a ReplayError', async () => {
  for (const wrong of [{}, { events: [] }, 'text', undefined]) {
    await expect(Worker.runReplayHistory(options, wrong)).rejects.toThrow(ReplayError);
  }
  expect(asked).toEqual([]);
});

test('many give one result each, in their order; one that fails does not stop the others', async () => {
  async function* histories() {
    yield { workflowId: 'a', history };
    verdict = { kind: 'nondeterminism', details: 'here' };
    yield { workflowId: 'b', history };
    verdict = { kind: 'ok' };
    yield { workflowId: 'c', history: {} };
    yield { workflowId: 'd', history };
  }
  const results = [];
  for await (const result of Worker.runReplayHistories(options, histories())) {
    results.push([result.workflowId, result.runId, result.error?.name]);
  }
  expect(results).toEqual([
    ['a', 'the-run', undefined],
    ['b', 'the-run', 'DeterminismViolationError'],
    ['c', '', 'ReplayError'],
    ['d', 'the-run', undefined],
  ]);
});

test('needs workflow code', async () => {
  await expect(Worker.runReplayHistory({}, history)).rejects.toThrow('workflowsPath or workflowBundle');
  await expect(Worker.runReplayHistory({ workflowBundle: 'x' as never }, history)).rejects.toThrow(
    /^workflowBundle: \{ code \}/,
  );
});
