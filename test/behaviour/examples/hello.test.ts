// The example `hello`, as a stranger runs it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Command, run } from './command.ts';

const MAIN = 'examples/hello/main.ts';
const GREETING = 'Hello Ada! Hello Grace! (told to stop)';

/** Enough on a busy machine. */
const TIMEOUT_MS = 60_000;

let data: string;
beforeEach(() => {
  data = mkdtempSync(path.join(tmpdir(), 'troupe-hello-'));
});
afterEach(() => {
  rmSync(data, { recursive: true, force: true });
});

test(
  'hello greets, and greets again when it is started again',
  async () => {
    for (let start = 1; start <= 2; start += 1) {
      const { how, output } = await run(MAIN, [data]);
      expect(output).toContain(GREETING);
      expect(how).toBe(0);
    }
  },
  TIMEOUT_MS,
);

test(
  'hello that was killed goes on in the next process',
  async () => {
    const killed = new Command(MAIN, [data]);
    await killed.said(/started hello/);
    killed.signal('SIGKILL');
    await killed.ended;
    const { how, output } = await run(MAIN, [data]);
    expect(output).toContain(GREETING);
    expect(how).toBe(0);
  },
  TIMEOUT_MS,
);
