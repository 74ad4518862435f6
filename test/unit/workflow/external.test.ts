// Signals and cancel requests to workflows that somebody else has started.
import { describe, expect, test } from 'vitest';
import {
  CancellationScope,
  defineSignal,
  getExternalWorkflowHandle,
  isCancellation,
  sleep,
} from '../../../src/workflow/index.ts';
import { applicationFailure, Driver, fire, kinds, resultOf } from './driver.ts';

const messageOf = (error: Error): string => error.message;

test('a handle says whom it is for, and asks for nothing', async () => {
  const main = async () => {
    const { workflowId, runId } = getExternalWorkflowHandle('other', 'a-run');
    return [workflowId, runId, 'runId' in getExternalWorkflowHandle('other')];
  };
  expect(resultOf(await new Driver({ workflows: { main } }).start())).toEqual(['other', 'a-run', false]);
});

describe('a signal', () => {
  test('is delivered', async () => {
    const main = async () => {
      await getExternalWorkflowHandle('other').signal(defineSignal<[number, string]>('go'), 1, 'x');
      await getExternalWorkflowHandle('other', 'a-run').signal('by name');
      return 'delivered';
    };
    const driver = new Driver({ workflows: { main } });
    expect(await driver.start()).toEqual([
      {
        kind: 'signalExternal',
        seq: 1,
        signalName: 'go',
        input: ['1', '"x"'],
        header: {},
        target: { kind: 'external', workflowId: 'other' },
      },
    ]);
    expect(await driver.turn({ kind: 'resolveSignalExternal', seq: 1 })).toMatchObject([
      { seq: 2, target: { kind: 'external', workflowId: 'other', runId: 'a-run' } },
    ]);
    expect(resultOf(await driver.turn({ kind: 'resolveSignalExternal', seq: 2 }))).toBe('delivered');
  });

  test('rejects when there is nobody', async () => {
    const main = async () => getExternalWorkflowHandle('other').signal('go').catch(messageOf);
    const driver = new Driver({ workflows: { main } });
    await driver.start();
    const failure = applicationFailure('not found');
    expect(resultOf(await driver.turn({ kind: 'resolveSignalExternal', seq: 1, failure }))).toBe('not found');
  });

  test('is taken back when its scope is cancelled', async () => {
    const main = async () => {
      const scope = new CancellationScope();
      const sent = scope.run(() => getExternalWorkflowHandle('other').signal('go'));
      scope.cancel();
      return sent.catch(messageOf);
    };
    const driver = new Driver({ workflows: { main } });
    expect(kinds(await driver.start())).toEqual(['signalExternal', 'cancelSignal']);
    const failure = applicationFailure('cancelled before it was sent');
    expect(resultOf(await driver.turn({ kind: 'resolveSignalExternal', seq: 1, failure }))).toBe(
      failure.message,
    );
  });
});

describe('a request to cancel', () => {
  test('is delivered, without a patch', async () => {
    const main = async () => {
      await getExternalWorkflowHandle('other').cancel();
      return 'delivered';
    };
    const driver = new Driver({ workflows: { main } });
    expect(await driver.start()).toEqual([{ kind: 'requestCancelExternal', seq: 1, workflowId: 'other' }]);
    expect(resultOf(await driver.turn({ kind: 'resolveCancelExternal', seq: 1 }))).toBe('delivered');
  });

  test('rejects when there is nobody', async () => {
    const main = async () => getExternalWorkflowHandle('other').cancel().catch(messageOf);
    const driver = new Driver({ workflows: { main } });
    await driver.start();
    const failure = applicationFailure('not found');
    expect(resultOf(await driver.turn({ kind: 'resolveCancelExternal', seq: 1, failure }))).toBe('not found');
  });

  const cancelledMeanwhile = async () => {
    const scope = new CancellationScope();
    const sent = scope.run(() => getExternalWorkflowHandle('other').cancel());
    await sleep(1);
    scope.cancel();
    return sent.catch(isCancellation);
  };

  test('is given up when its scope is cancelled: by a patch, as official histories have it', async () => {
    const driver = new Driver({ workflows: { main: cancelledMeanwhile } });
    await driver.start();
    const commands = await driver.turn(fire(1));
    expect(kinds(commands)).toEqual(['setPatchMarker', 'completeWorkflow']);
    expect(resultOf(commands)).toBe(true);
  });

  test('goes on in histories without that patch', async () => {
    const driver = new Driver({ workflows: { main: cancelledMeanwhile } });
    await driver.succeed([driver.initialize()], { isReplaying: true });
    expect((await driver.succeed([fire(1)], { isReplaying: true })).commands).toEqual([]);
  });

  test('in a scope that is cancelled already is not sent', async () => {
    const main = async () => {
      const scope = new CancellationScope();
      scope.cancel();
      return scope.run(() => getExternalWorkflowHandle('other').cancel()).catch(isCancellation);
    };
    expect(kinds(await new Driver({ workflows: { main } }).start())).toEqual([
      'setPatchMarker',
      'completeWorkflow',
    ]);
  });
});
