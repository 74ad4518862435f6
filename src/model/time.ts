// Time as plain numbers of milliseconds. Nothing here reads a clock: `now` is always an argument.

/** Milliseconds since 1970-01-01T00:00:00Z. An alias, not a brand: the difference of two moments is a length of time. */
export type EpochMs = number;
/** A length of time in milliseconds. */
export type DurationMs = number;

export const SECOND_MS: DurationMs = 1_000;
export const MINUTE_MS: DurationMs = 60_000;
export const HOUR_MS: DurationMs = 3_600_000;
export const DAY_MS: DurationMs = 86_400_000;
