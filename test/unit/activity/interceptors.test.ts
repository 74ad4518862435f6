// What interceptors of activities see and can change.
import { expect, test } from 'vitest';
import { log, metricMeter } from '../../../src/activity';
import type { ActivityInterceptorsFactory } from '../../../src/activity/interceptors';
import { noopMetricMeter, type MetricTags } from '../../../src/common/metrics';
import { runAttempt, taskOf } from './fixtures';

test('the first is the outermost; each may change arguments and result', async () => {
  const steps: string[] = [];
  const named =
    (name: string): ActivityInterceptorsFactory =>
    () => ({
      inbound: {
        async execute(input, next) {
          steps.push(`${name} in`);
          const result = (await next({ ...input, args: [...input.args, name] })) as string[];
          steps.push(`${name} out`);
          return [...result, name.toUpperCase()];
        },
      },
    });
  const activities = { work: async (...args: string[]) => args };
  const { outcome } = runAttempt(activities, taskOf('work', ['x']), {
    interceptors: [named('a'), named('b')],
  });
  expect(await outcome).toEqual({ kind: 'completed', result: '["x","a","b","B","A"]' });
  expect(steps).toEqual(['a in', 'b in', 'b out', 'a out']);
});

test('they see the headers of the call, and the context', async () => {
  const seen: unknown[] = [];
  const factory: ActivityInterceptorsFactory = (context) => ({
    inbound: {
      execute(input, next) {
        seen.push(context.info.activityType, Buffer.from(input.headers['trace']?.data ?? []).toString());
        return next(input);
      },
    },
  });
  const task = taskOf('work', [], { header: { trace: '"id-7"' } });
  await runAttempt({ work: () => undefined }, task, { interceptors: [factory] }).outcome;
  expect(seen).toEqual(['work', '"id-7"']);
});

test('one that throws, or whose factory throws, fails the attempt', async () => {
  const failing: ActivityInterceptorsFactory[] = [
    () => ({ inbound: { execute: () => Promise.reject(new Error('not today')) } }),
    () => {
      throw new Error('not today');
    },
  ];
  for (const factory of failing) {
    const { outcome } = runAttempt({ work: () => 1 }, taskOf('work'), { interceptors: [factory] });
    expect(await outcome).toMatchObject({ kind: 'failed', failure: { message: 'not today' } });
  }
});

test('outbound ones add to log lines and metrics', async () => {
  const tags: MetricTags[] = [];
  const factory: ActivityInterceptorsFactory = () => ({
    outbound: {
      getLogAttributes: (input, next) => ({ ...next(input), trace: 't' }),
      getMetricTags: (input, next) => ({ ...next(input), trace: 't' }),
    },
  });
  const work = (): void => {
    log.info('line');
    metricMeter.createCounter('c');
  };
  const { lines, outcome } = runAttempt({ work }, taskOf('work'), {
    interceptors: [factory],
    metricMeter: {
      ...noopMetricMeter,
      withTags(given) {
        tags.push(given);
        return noopMetricMeter;
      },
    },
  });
  expect((await outcome).kind).toBe('completed');
  expect(lines).toMatchObject([{ meta: { trace: 't', activityType: 'work' } }]);
  expect(tags).toMatchObject([{ trace: 't', activityType: 'work' }]);
});
