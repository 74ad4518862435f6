// Durations as users write them: milliseconds, or a text that the package `ms` reads. Pure; reads no clock.
import ms from 'ms';
import type { StringValue } from 'ms';
import type { DurationMs } from '../model/time';

export type { StringValue } from 'ms';
/** Milliseconds, or a text such as `'30 seconds'`, `'1m'`, `'7 days'`. */
export type Duration = StringValue | number;
/** Temporal's protobuf timestamp. */
export interface Timestamp {
  seconds?: number | null;
  nanos?: number | null;
}

/** The longest duration that Temporal's wire can say: 10,000 years. */
const DURATION_MAX_MS = 315_576_000_000_000;

/**
 * Whole milliseconds, rounded up: a timer is never early. Negative durations pass; see `durationToMs`.
 *
 * @param name of the option, for the error
 * @throws {TypeError} not a duration
 */
export function msToNumber(duration: Duration, name?: string): DurationMs {
  const length = typeof duration === 'string' ? parse(duration) : duration;
  if (typeof length !== 'number' || !(Math.abs(length) <= DURATION_MAX_MS)) {
    throw new TypeError(
      `Invalid duration${name === undefined ? '' : ` for ${name}`}: ${quote(duration)}. ` +
        "Give a number of milliseconds, or a text such as '30 seconds' or '1 hour'",
    );
  }
  return Number.isInteger(length) ? length : Math.ceil(length);
}

/** @throws {TypeError} not a duration */
export function msOptionalToNumber(
  duration: Duration | null | undefined,
  name?: string,
): DurationMs | undefined {
  return duration === undefined || duration === null ? undefined : msToNumber(duration, name);
}

/**
 * For options that say how long something may take.
 *
 * @throws {TypeError} not a duration, or a negative one
 */
export function durationToMs(duration: Duration, name: string): DurationMs {
  const length = msToNumber(duration, name);
  if (length < 0) {
    throw new TypeError(`Invalid duration for ${name}: ${quote(duration)}. It must not be negative`);
  }
  return length;
}

/** @throws {TypeError} not a duration, or a negative one */
export function optionalDurationToMs(
  duration: Duration | null | undefined,
  name: string,
): DurationMs | undefined {
  return duration === undefined || duration === null ? undefined : durationToMs(duration, name);
}

function parse(text: StringValue): number | undefined {
  try {
    // Its type promises a number; what it cannot read is undefined, and some texts make it throw.
    return ms(text);
  } catch {
    return undefined;
  }
}

const quote = (duration: unknown): string =>
  typeof duration === 'string' ? `'${duration}'` : String(duration);
