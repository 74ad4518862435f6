// What leaves workflow code without an answer.
import { expect, test } from 'vitest';
import { namespace, runId, taskQueueName, workflowId } from '../../../src/model/ids';
import type { SinkContext } from '../../../src/model/worker';
import { sinkDispatcher, type InjectedSinks } from '../../../src/worker/sinks';
import { recordingLogger } from '../activity/fixtures';

const context: SinkContext = {
  namespace: namespace('default'),
  execution: { workflowId: workflowId('w'), runId: runId('r') },
  workflowType: 'order',
  taskQueue: taskQueueName('q'),
};
const call = (sink: string, fn: string, ...args: unknown[]) => ({ sink, fn, args: JSON.stringify(args) });

test('log lines of workflow code reach the logger, with the workflow that wrote them', () => {
  const { logger, lines } = recordingLogger();
  const dispatch = sinkDispatcher({}, logger);
  dispatch(context, [
    call('__temporal_logger', 'info', 'hello', { mine: 1 }),
    call('__temporal_logger', 'error', 'oh'),
  ]);
  expect(lines).toMatchObject([
    {
      level: 'INFO',
      message: 'hello',
      meta: {
        mine: 1,
        workflowId: 'w',
        runId: 'r',
        workflowType: 'order',
        taskQueue: 'q',
        sdkComponent: 'workflow',
      },
    },
    { level: 'ERROR', message: 'oh' },
  ]);
});

test('calls reach the functions of the worker, in their order, with who called', () => {
  interface Mine {
    alerts: { raise(text: string, level: number): void };
  }
  const seen: unknown[] = [];
  const sinks: InjectedSinks<Mine> = {
    alerts: { raise: { fn: (info, text, level) => void seen.push([info.workflowId, text, level]) } },
  };
  sinkDispatcher(sinks, recordingLogger().logger)(context, [
    call('alerts', 'raise', 'fire', 3),
    call('alerts', 'raise', 'flood', 2),
  ]);
  expect(seen).toEqual([
    ['w', 'fire', 3],
    ['w', 'flood', 2],
  ]);
});

test('one that throws or rejects is logged, and the next is called', async () => {
  const { logger, lines } = recordingLogger();
  const seen: string[] = [];
  const sinks = {
    mine: {
      throws: {
        fn: () => {
          throw new Error('boom');
        },
      },
      rejects: { fn: () => Promise.reject(new Error('later')) },
      works: { fn: () => void seen.push('works') },
    },
  };
  sinkDispatcher(sinks, logger)(context, [
    call('mine', 'throws'),
    call('mine', 'rejects'),
    call('mine', 'works'),
  ]);
  await new Promise(setImmediate);
  expect(seen).toEqual(['works']);
  expect(lines.map(({ message }) => message)).toEqual([
    expect.stringContaining('boom'),
    expect.stringContaining('later'),
  ]);
  expect(lines[0]?.meta).toMatchObject({ ifaceName: 'mine', fnName: 'throws', workflowId: 'w' });
});

test('an unknown sink or function is logged', () => {
  const { logger, lines } = recordingLogger();
  sinkDispatcher({ mine: {} }, logger)(context, [
    call('theirs', 'fn'),
    call('mine', 'fn'),
    call('toString', 'call'),
  ]);
  expect(lines.map(({ message }) => message)).toEqual(
    Array.from({ length: 3 }, () => 'Workflow referenced an unregistered external sink'),
  );
});

test('a logger that throws stops nothing', () => {
  const { logger } = recordingLogger();
  const seen: number[] = [];
  const broken = {
    ...logger,
    error: () => {
      throw new Error('full');
    },
  };
  const sinks = { mine: { fn: { fn: () => void seen.push(1) } } };
  sinkDispatcher(sinks, broken)(context, [call('none', 'fn'), call('mine', 'fn')]);
  expect(seen).toEqual([1]);
});
