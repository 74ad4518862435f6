import { expect, test } from 'vitest';
import { ValueError } from '../../../src/common/errors';
import {
  compileRetryPolicy,
  decompileRetryPolicy,
  withRetryDefaults,
  type RetryPolicy,
} from '../../../src/common/retry-policy';

test('an empty policy is all defaults', () => {
  expect(compileRetryPolicy({})).toEqual({});
  expect(withRetryDefaults({})).toEqual({
    initialIntervalMs: 1_000,
    backoffCoefficient: 2,
    maximumIntervalMs: 100_000,
    maximumAttempts: 0,
    nonRetryableErrorTypes: [],
  });
});

test('the longest interval is 100 times the first, unless it is given', () => {
  expect(withRetryDefaults(compileRetryPolicy({ initialInterval: '2s' })).maximumIntervalMs).toBe(200_000);
  const policy = { initialInterval: '2s', maximumInterval: '3s' } as const;
  expect(withRetryDefaults(compileRetryPolicy(policy)).maximumIntervalMs).toBe(3_000);
});

test('an infinite number of attempts is the default', () => {
  expect(compileRetryPolicy({ maximumAttempts: Number.POSITIVE_INFINITY })).toEqual({});
});

test('a compiled policy is read back as it was given', () => {
  const policy: RetryPolicy = {
    backoffCoefficient: 1.5,
    initialInterval: 100,
    maximumInterval: 5_000,
    maximumAttempts: 7,
    nonRetryableErrorTypes: ['Declined'],
  };
  expect(decompileRetryPolicy(compileRetryPolicy(policy))).toEqual(policy);
  expect(decompileRetryPolicy(undefined)).toBeUndefined();
});

test.each<[string, RetryPolicy, RegExp]>([
  ['a coefficient under 1', { backoffCoefficient: 0.5 }, /backoffCoefficient is 0.5/],
  ['a coefficient that is no number', { backoffCoefficient: Number.NaN }, /backoffCoefficient/],
  ['no attempts', { maximumAttempts: 0 }, /maximumAttempts is 0/],
  ['half an attempt', { maximumAttempts: 1.5 }, /maximumAttempts is 1.5/],
  ['negative attempts', { maximumAttempts: -1 }, /maximumAttempts is -1/],
  ['an initial interval of nothing', { initialInterval: 0 }, /initialInterval is 0/],
  ['a longest interval of nothing', { maximumInterval: 0 }, /maximumInterval is 0/],
  ['a longest interval under the first', { initialInterval: '2s', maximumInterval: '1s' }, /shorter/],
  ['a longest interval under the default first', { maximumInterval: 500 }, /shorter/],
])('%s is refused', (_, policy, message) => {
  expect(() => compileRetryPolicy(policy)).toThrow(ValueError);
  expect(() => compileRetryPolicy(policy)).toThrow(message);
});

test('a wrong interval is a TypeError that names it', () => {
  const policy = { initialInterval: 'soon' } as unknown as RetryPolicy;
  expect(() => compileRetryPolicy(policy)).toThrow(TypeError);
  expect(() => compileRetryPolicy(policy)).toThrow(/retry\.initialInterval: 'soon'/);
});
