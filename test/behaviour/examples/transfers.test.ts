// The example `transfers`: the total never changes, whatever is killed, and no transfer is carried out twice.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Command, run } from './command.ts';

const MAIN = 'examples/transfers/main.ts';
const TIMEOUT_MS = 60_000;
const KILLS = 6;

let data: string;
beforeEach(() => {
  data = mkdtempSync(path.join(tmpdir(), 'troupe-transfers-'));
});
afterEach(() => {
  rmSync(data, { recursive: true, force: true });
});

/** The closing lines: balances and sums. */
const balances = (output: string): string[] =>
  output.split('\n').filter((line) => /^ {2}\S.*\d\.\d\d$/.test(line));

test(
  'transfers are done, refused or undone, wrong lines are named, and the total stays',
  async () => {
    const { how, output } = await run(MAIN, ['--data', data]);
    expect(output).toContain('the accounts hold 1825.50 in all\n');
    expect(output).toMatch(/line \d+ 'twelve' is no amount: left out/);
    expect(output).toMatch(/line \d+ the id t005 is there already: left out/);
    expect(output).toMatch(/t\d+ undone: account erin is closed/);
    expect(output).toMatch(/t\d+ undone: there is no account nobody/);
    expect(output).toMatch(/t\d+ refused: account \w+ holds less than that/);
    expect(output).toMatch(/\(in transit\) +0\.00/);
    expect(how).toBe(0);

    const again = await run(MAIN, ['--data', data]);
    expect(again.output).toMatch(/\(60 begun by an earlier start\)/);
    expect(balances(again.output)).toEqual(balances(output));
  },
  TIMEOUT_MS,
);

test(
  'killed again and again, it ends with every transfer carried out once',
  async () => {
    const seed = Date.now();
    for (let kill = 0; kill < KILLS; kill += 1) {
      const killed = new Command(MAIN, ['--data', data]);
      await killed.said(/transfers; the accounts hold/);
      await new Promise((resolve) => setTimeout(resolve, ((seed * (kill + 7)) % 13) * 4));
      killed.signal('SIGKILL');
      await killed.ended;
    }
    const { how, output } = await run(MAIN, ['--data', data]);
    expect(output, `seed ${seed}`).toMatch(/(\d+) done, (\d+) refused, (\d+) undone/);
    const [, done, refused, undone] = /(\d+) done, (\d+) refused, (\d+) undone/.exec(output) ?? [];
    expect(Number(done) + Number(refused) + Number(undone)).toBe(60);
    expect(output).toContain('the accounts hold 1825.50 in all\n');
    expect(output).toMatch(/\(in transit\) +0\.00/);
    expect(how).toBe(0);
  },
  TIMEOUT_MS,
);

test('a file that is not there, and an option that does not exist, are named in one line', async () => {
  const missing = await run(MAIN, ['no-such-file.csv', '--data', data]);
  expect(missing.output).toMatch(/^transfers: ENOENT.*no-such-file\.csv'\n$/);
  expect(missing.how).toBe(2);
  const unknown = await run(MAIN, ['--unknown', '--data', data]);
  expect(unknown.output).toMatch(/^transfers: .*--unknown/);
  expect(unknown.how).toBe(2);
});
