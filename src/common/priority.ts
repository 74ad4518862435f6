// Which of several waiting tasks goes first. Pure.
import { ValueError } from './errors';
import { utf8Length } from './payload/utf8';

export interface Priority {
  /** 1 (first) to 5; default 3. */
  priorityKey?: number;
  /** Tasks with different keys take turns. At most 64 bytes. */
  fairnessKey?: string;
  /** Share of its fairness key: 0.001 to 1,000; default 1. */
  fairnessWeight?: number;
}

const FAIRNESS_KEY_BYTES_MAX = 64;

/** @throws {ValueError} a value out of range */
export function validatePriority(priority: Priority): void {
  const { priorityKey, fairnessKey } = priority;
  if (priorityKey !== undefined && !(Number.isInteger(priorityKey) && priorityKey >= 1)) {
    throw new ValueError(`priority.priorityKey is ${priorityKey}: it must be a whole number from 1 to 5`);
  }
  if (fairnessKey !== undefined && utf8Length(fairnessKey) > FAIRNESS_KEY_BYTES_MAX) {
    throw new ValueError(`priority.fairnessKey is longer than ${FAIRNESS_KEY_BYTES_MAX} bytes`);
  }
}
