import { describe, expect, test } from 'vitest';
import { durationToMs, msOptionalToNumber, msToNumber, type Duration } from '../../../src/common/time';

describe('durations', () => {
  test.each<[Duration, number]>([
    [0, 0],
    [1_500, 1_500],
    ['30 seconds', 30_000],
    ['1m', 60_000],
    ['1 hour', 3_600_000],
    ['7 days', 604_800_000],
    ['2 years', 63_115_200_000],
    ['250', 250],
    [-5, -5],
  ])('%o is %d ms', (duration, ms) => expect(msToNumber(duration)).toBe(ms));

  test('fractions are rounded up: a timer is never early', () => {
    expect(msToNumber(0.2)).toBe(1);
    expect(msToNumber('1.5 ms')).toBe(2);
  });

  test.each([
    '',
    'soon',
    '5 minuets',
    '1 day 2 hours',
    'x'.repeat(200),
    Number.NaN,
    Number.POSITIVE_INFINITY,
    1e300,
    true,
    null,
    {},
    10n,
  ])('%o is refused with a TypeError that quotes it', (wrong) => {
    const convert = () => msToNumber(wrong as Duration, 'startDelay');
    expect(convert).toThrow(TypeError);
    expect(convert).toThrow(/Invalid duration for startDelay: .*'30 seconds'/);
  });

  test('an option that says how long something may take is not negative', () => {
    expect(durationToMs('1s', 'heartbeatTimeout')).toBe(1_000);
    expect(() => durationToMs(-1, 'heartbeatTimeout')).toThrow(TypeError);
    expect(() => durationToMs('-1 minute', 'heartbeatTimeout')).toThrow(/heartbeatTimeout.*not be negative/);
  });

  test('what is not given stays so', () => {
    expect(msOptionalToNumber(undefined)).toBeUndefined();
    expect(msOptionalToNumber(null)).toBeUndefined();
    expect(msOptionalToNumber(0)).toBe(0);
  });
});
