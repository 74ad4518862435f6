// How many tests passed and failed, summed over the runs of one command. Each run of vitest is a process of
// its own, so the sum is kept in a file, named by the TROUPE_TALLY environment variable.
import { appendFileSync, existsSync, readFileSync } from 'node:fs';

export function recordTally({ passed, failed }) {
  const file = process.env.TROUPE_TALLY;
  if (file) appendFileSync(file, `${passed} ${failed}\n`);
}

export function readTally(file) {
  const runs = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').filter(Boolean) : [];
  return runs
    .map((line) => line.split(' ').map(Number))
    .reduce((sum, [passed, failed]) => ({ passed: sum.passed + passed, failed: sum.failed + failed }), {
      passed: 0,
      failed: 0,
    });
}

/** The closing line. A command that failed without a failing test (a type error, a crash) never reads "0 failed". */
export function tallyLine({ passed, failed }, exitCode) {
  return `${passed} passed, ${exitCode === 0 ? failed : Math.max(failed, 1)} failed`;
}
