// What a workflow knows of itself, its generator and its clock.
import { describe, expect, test } from 'vitest';
import { seedOf } from '../../../src/actors/replay/seed.ts';
import { namespace, runId, workflowId } from '../../../src/model/ids.ts';
import type { InitializeWorkflow } from '../../../src/model/turn.ts';
import { defineSearchAttributeKey, SearchAttributeType } from '../../../src/common/search-attributes.ts';
import {
  currentUpdateInfo,
  getCurrentDetails,
  inWorkflowContext,
  setCurrentDetails,
  sleep,
  upsertMemo,
  upsertSearchAttributes,
  uuid4,
  workflowInfo,
} from '../../../src/workflow/index.ts';
import { Driver, fire, kinds, resultOf } from './driver.ts';

const keyword = defineSearchAttributeKey('Colour', SearchAttributeType.KEYWORD);

/** What a workflow finds at its beginning, after it went through JSON. */
async function seen<T>(look: () => T, init: Partial<InitializeWorkflow> = {}): Promise<T> {
  return resultOf(await new Driver({ workflows: { main: async () => look() }, init }).start()) as T;
}

test('workflowInfo tells whatever the run was started with', async () => {
  const init: Partial<InitializeWorkflow> = {
    attempt: 2,
    startTime: 500,
    runStartTime: 700,
    firstExecutionRunId: runId('the-first-run'),
    continuedFromExecutionRunId: runId('the-run-before'),
    parent: { namespace: namespace('n'), workflowId: workflowId('p'), runId: runId('pr') },
    root: { workflowId: workflowId('r'), runId: runId('rr') },
    memo: { owner: '"me"' },
    lastResult: '7',
    lastFailure: { message: 'the run before failed' },
    executionTimeoutMs: 1,
    executionExpirationTime: 90_000,
    runTimeoutMs: 2,
    taskTimeoutMs: 3,
    cronSchedule: '@daily',
    retryPolicy: {
      initialIntervalMs: 100,
      backoffCoefficient: 2,
      maximumIntervalMs: 1_000,
      maximumAttempts: 3,
      nonRetryableErrorTypes: [],
    },
  };
  const look = () => {
    const { lastFailure, typedSearchAttributes: _typed, unsafe, ...rest } = workflowInfo();
    return { ...rest, lastFailure: lastFailure?.message, now: unsafe.now() };
  };
  expect(await seen(look, init)).toMatchObject({
    workflowId: 'the-workflow',
    runId: '019e93d9-da0e-70d6-9f43-888c2c8d3988',
    workflowType: 'main',
    taskQueue: 'the-queue',
    namespace: 'default',
    attempt: 2,
    startTime: new Date(500).toISOString(),
    runStartTime: new Date(700).toISOString(),
    firstExecutionRunId: 'the-first-run',
    continuedFromExecutionRunId: 'the-run-before',
    parent: { namespace: 'n', workflowId: 'p', runId: 'pr' },
    root: { workflowId: 'r', runId: 'rr' },
    memo: { owner: 'me' },
    lastResult: 7,
    lastFailure: 'the run before failed',
    executionTimeoutMs: 1,
    executionExpirationTime: new Date(90_000).toISOString(),
    runTimeoutMs: 2,
    taskTimeoutMs: 3,
    cronSchedule: '@daily',
    retryPolicy: { maximumAttempts: 3 },
    historyLength: 3,
    historySize: 300,
    continueAsNewSuggested: false,
    now: 2_000,
  });
});

test('what a run does not have is absent', async () => {
  const absent = [
    'parent',
    'root',
    'lastResult',
    'lastFailure',
    'cronSchedule',
    'retryPolicy',
    'runTimeoutMs',
  ];
  expect(await seen(() => absent.filter((name) => name in workflowInfo()))).toEqual([]);
});

test('it is frozen, the same throughout a turn, and another in the next', async () => {
  const main = async () => {
    const first = workflowInfo();
    const isSame = first === workflowInfo();
    await sleep(1);
    const { historyLength, continueAsNewSuggested } = workflowInfo();
    return [isSame, Object.isFrozen(first), first.historyLength, historyLength, continueAsNewSuggested];
  };
  const driver = new Driver({ workflows: { main } });
  await driver.start();
  const { commands } = await driver.succeed([fire(1)], { continueAsNewSuggested: true });
  expect(resultOf(commands)).toEqual([true, true, 3, 6, true]);
});

test('it says whether history is read again', async () => {
  const main = async () => {
    const replaying = workflowInfo().unsafe.isReplaying;
    await sleep(1);
    return [replaying, workflowInfo().unsafe.isReplaying];
  };
  const driver = new Driver({ workflows: { main } });
  await driver.succeed([driver.initialize()], { isReplaying: true });
  expect(resultOf(await driver.turn(fire(1)))).toEqual([true, false]);
});

describe('upserts', () => {
  test('of search attributes reach the command and workflowInfo at once', async () => {
    const main = async () => {
      upsertSearchAttributes([{ key: keyword, value: 'blue' }]);
      const first = workflowInfo().typedSearchAttributes.get(keyword);
      upsertSearchAttributes({ Size: [3] });
      const { searchAttributes } = workflowInfo();
      upsertSearchAttributes([{ key: keyword, value: null }]);
      return [first, searchAttributes, Object.keys(workflowInfo().searchAttributes)];
    };
    const commands = await new Driver({ workflows: { main } }).start();
    expect(kinds(commands).slice(0, 3)).toEqual(Array(3).fill('upsertSearchAttributes'));
    expect(resultOf(commands)).toEqual(['blue', { Colour: ['blue'], Size: [3] }, ['Size']]);
  });

  test('of the memo merge, and null removes', async () => {
    const main = async () => {
      upsertMemo({ step: 1, note: 'first' });
      upsertMemo({ step: 2, note: null });
      return workflowInfo().memo;
    };
    const commands = await new Driver({ workflows: { main }, init: { memo: { owner: '"me"' } } }).start();
    expect(commands).toMatchObject([
      { kind: 'modifyProperties', upsertedMemo: { step: '1', note: '"first"' } },
      { kind: 'modifyProperties', upsertedMemo: { step: '2', note: null } },
      {},
    ]);
    expect(resultOf(commands)).toEqual({ owner: 'me', step: 2 });
  });

  test.each([
    ['no attributes', () => upsertSearchAttributes(null as never)],
    ['none at all', () => upsertSearchAttributes([])],
    ['no memo', () => upsertMemo(undefined as never)],
  ])('of %s are refused', async (_what, upsert) => {
    const main = async () => {
      try {
        upsert();
        return 'not refused';
      } catch {
        return 'refused';
      }
    };
    expect(await new Driver({ workflows: { main } }).start()).toMatchObject([{ result: '"refused"' }]);
  });
});

test('ids and random numbers come from the run’s own generator, as the official SDK draws them', async () => {
  const driver: Driver = new Driver({
    workflows: { main: async () => [driver.engine.hooks.random(), uuid4(), uuid4()] },
  });
  const { commands, randomDraws } = await driver.succeed([driver.initialize()]);
  expect(resultOf(commands)).toEqual([
    0.8810140371788293,
    'ce828af4-10ab-45e7-91f7-d0922559bdb7',
    'c33cd353-e087-4be1-9d53-ae25f181c1a8',
  ]);
  expect(randomDraws).toBe(9);
});

test('a reset run goes on with the generator of its new seed', async () => {
  const driver: Driver = new Driver({
    workflows: {
      main: async () => {
        uuid4();
        await sleep(1);
        return [driver.engine.hooks.random(), uuid4()];
      },
    },
  });
  await driver.start();
  const { high, low } = seedOf('248fbeda-b1fd-4901-9dbc-7c9c34273875');
  const reseeded = { kind: 'updateRandomSeed', randomSeedHigh: high, randomSeedLow: low } as const;
  expect(resultOf(await driver.turn(reseeded, fire(1)))).toEqual([
    0.8269537510350347,
    '977640d7-beaa-445d-b78e-836759600e89',
  ]);
});

test('the clock stands still in a turn, and is that of the turn', async () => {
  const driver: Driver = new Driver({
    workflows: {
      main: async () => {
        const { hooks } = driver.engine;
        const first = [hooks.now(), hooks.now()];
        await sleep(1);
        return [...first, hooks.now()];
      },
    },
  });
  await driver.start();
  expect(resultOf(await driver.turn(fire(1)))).toEqual([2_000, 2_000, 3_000]);
});

test('details are kept', async () => {
  const look = () => {
    const before = getCurrentDetails();
    setCurrentDetails('half-way');
    return [before, getCurrentDetails()];
  };
  expect(await seen(look)).toEqual(['', 'half-way']);
});

test('workflow code knows where it is', async () => {
  expect(await seen(() => [inWorkflowContext(), currentUpdateInfo() ?? 'in no update'])).toEqual([
    true,
    'in no update',
  ]);
});

describe('outside of workflow code', () => {
  test.each<[string, () => unknown]>([
    ['workflowInfo', workflowInfo],
    ['sleep', () => sleep(1)],
    ['upsertMemo', () => upsertMemo({})],
    ['getCurrentDetails', getCurrentDetails],
    ['currentUpdateInfo', currentUpdateInfo],
  ])('%s is an IllegalStateError', (_name, call) => {
    expect(call).toThrow(/may only be used from workflow code/);
  });

  test('a UUID is one of chance', () => {
    expect(inWorkflowContext()).toBe(false);
    expect(uuid4()).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-8[\da-f]{3}-[\da-f]{12}$/);
    expect(uuid4()).not.toBe(uuid4());
  });
});
