// The example `audit`, the main job: finishes whatever is killed, records no result twice, and reports what is broken.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Command, run } from './command.ts';
import { writeFixturePackages } from './fixture-packages.ts';
import type { FixturePackages } from './fixture-packages.ts';

const MAIN = 'examples/audit/main.ts';
const TIMEOUT_MS = 90_000;

let root: string;
let data: string;
let fixture: FixturePackages;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'troupe-audit-'));
  data = path.join(root, 'data');
  fixture = writeFixturePackages(root);
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

const audit = (...options: string[]): string[] => [
  fixture.folder,
  '--data',
  data,
  '--wait',
  '300ms',
  ...options,
];
const report = (): string => readFileSync(path.join(data, 'report.html'), 'utf8');
const stateOf = (): { finished: boolean; audit: { id: string } } =>
  JSON.parse(readFileSync(path.join(data, 'audit.json'), 'utf8')) as ReturnType<typeof stateOf>;

describe('an audit of 30 packages, some of them broken', () => {
  test(
    'kills its worker half-way, finishes, and records every result once',
    async () => {
      const { how, output } = await run(MAIN, audit());
      expect(output).toMatch(/killed worker process \d+ with SIGKILL, \d+ of 30 packages recorded/);
      expect(output).toContain('30 of 30 packages finished');
      expect(output).toContain('every result recorded once, none twice (30 in the book, 30 histories read)');
      const [, repeated] = /(\d+) attempts? repeated/.exec(output) ?? [];
      expect(Number(repeated)).toBeGreaterThan(0);
      expect(output).toContain('2 worker processes');
      expect(how).toBe(0);
    },
    TIMEOUT_MS,
  );

  test(
    'gives every trouble a line in a report that needs no other file',
    async () => {
      const { how } = await run(MAIN, audit('--no-crash'));
      expect(how).toBe(0);
      const html = report();
      for (const words of fixture.troubles) expect(html).toContain(words);
      for (const name of fixture.unknownLicences)
        expect(html).toMatch(new RegExp(`${name}.*nobody answered`));
      expect(html).toContain('lib/shared.js');
      expect(html).not.toMatch(/<(script|link|img|iframe)|src=|href=|@import|url\(/);
    },
    TIMEOUT_MS,
  );

  test(
    'approves unknown licences when it is told so',
    async () => {
      const { output } = await run(MAIN, audit('--no-crash', '--yes', '--wait', '1 minute'));
      expect(output).toContain(
        `reviews     ${fixture.unknownLicences.length} approved · 0 without an answer`,
      );
    },
    TIMEOUT_MS,
  );

  test(
    'resumes after the whole command was killed, as often as that happens',
    async () => {
      for (const words of [/Auditing/, /is at work|goes on/, /\/30 packages/]) {
        const command = new Command(MAIN, audit('--no-crash', '--window', '3'));
        await command.said(words);
        command.signal('SIGKILL');
        await command.ended;
      }
      const { id } = stateOf().audit;
      const { how, output } = await run(MAIN, audit('--no-crash'));
      expect(output).toContain('Resuming the audit of');
      expect(output).toContain('every result recorded once, none twice (30 in the book');
      expect(how).toBe(0);
      expect(stateOf()).toMatchObject({ finished: true, audit: { id } });
    },
    TIMEOUT_MS,
  );

  test(
    'stops cleanly at Ctrl-C, and the next start resumes',
    async () => {
      const command = new Command(MAIN, audit('--no-crash', '--window', '2', '--wait', '20s'));
      await command.said(/\/30 packages/);
      command.signal('SIGINT');
      const stopped = await command.ended;
      expect(stopped.output).toContain('Stopped. The same command goes on where it was.');
      expect(stopped.how).toBe(130);
      const { how, output } = await run(MAIN, audit('--no-crash', '--yes'));
      expect(output).toContain('30 of 30 packages finished');
      expect(how).toBe(0);
    },
    TIMEOUT_MS,
  );

  test.skipIf(process.platform === 'win32')(
    'stops cleanly at a Ctrl-C that comes while its worker process is starting',
    async () => {
      for (const startingMs of [0, 150, 250, 350]) {
        const command = new Command(MAIN, audit('--no-crash', '--wait', '20s'));
        await command.said(/Auditing|Resuming/);
        await sleep(startingMs);
        command.pressCtrlC();
        const { how, output } = await command.ended;
        expect(output).toContain('Stopped. The same command goes on where it was.');
        expect(how).toBe(130);
      }
    },
    TIMEOUT_MS,
  );

  test(
    'a later start takes over from one that is still at work',
    async () => {
      const first = new Command(MAIN, audit('--no-crash', '--window', '2', '--wait', '20s'));
      await first.said(/\/30 packages/);
      const { how, output } = await run(MAIN, audit('--no-crash', '--yes'));
      expect((await first.ended).output).toContain('a later start takes over');
      expect(output).toContain('30 of 30 packages finished');
      expect(how).toBe(0);
    },
    TIMEOUT_MS,
  );

  test(
    'a finished audit is followed by a new one',
    async () => {
      await run(MAIN, audit('--no-crash'));
      const { id } = stateOf().audit;
      const { output } = await run(MAIN, audit('--no-crash'));
      expect(output).toContain('Auditing');
      expect(stateOf().audit.id).not.toBe(id);
    },
    TIMEOUT_MS,
  );
});

test(
  'an empty folder is a finished audit with a line that says so',
  async () => {
    const empty = path.join(root, 'empty');
    mkdirSync(empty);
    const { how, output } = await run(MAIN, [empty, '--data', data]);
    expect(output).toContain('0 of 0 packages finished');
    expect(report()).toContain('is empty: there is nothing to audit');
    expect(how).toBe(0);
  },
  TIMEOUT_MS,
);

test('wrong arguments are named, and nothing is begun', async () => {
  const { how, output } = await run(MAIN, ['/there/is/no/such/folder', '--data', data]);
  expect(output).toBe('audit: there is no folder /there/is/no/such/folder\n');
  expect(how).toBe(2);
  expect(existsSync(data)).toBe(false);
});

test(
  'another folder is refused while an audit is unfinished, unless that is given up',
  async () => {
    const command = new Command(MAIN, audit('--no-crash', '--wait', '20s'));
    await command.said(/\/30 packages/);
    command.signal('SIGINT');
    await command.ended;
    const other = path.join(root, 'other');
    mkdirSync(other);
    const refused = await run(MAIN, [other, '--data', data]);
    expect(refused.output).toContain(`the audit of ${fixture.folder} is unfinished`);
    expect(refused.how).toBe(2);
    const fresh = await run(MAIN, [other, '--data', data, '--fresh']);
    expect(fresh.how).toBe(0);
  },
  TIMEOUT_MS,
);
