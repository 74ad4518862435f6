// Processor time by thread, as Linux tells it.
import { readdirSync, readFileSync } from 'node:fs';

const TASKS = '/proc/self/task';
const NANOS_PER_US = 1_000;

/** Microseconds of processor time so far, by thread id. Threads that have ended are not among them. */
export function threadTimes(): ReadonlyMap<number, number> {
  const times = new Map<number, number>();
  for (const id of readdirSync(TASKS)) {
    try {
      const [nanos] = readFileSync(`${TASKS}/${id}/schedstat`, 'utf8').split(' ');
      times.set(Number(id), Number(nanos) / NANOS_PER_US);
    } catch {
      // It has ended meanwhile.
    }
  }
  return times;
}

/** Threads that were there when this file was loaded: if it is the first of a CommonJS program, V8's own helpers and the main one. */
export const FIRST_THREADS: ReadonlySet<number> = new Set(threadTimes().keys());
