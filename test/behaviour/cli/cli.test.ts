// The command `troupe`, as a process of its own, on stores that were written before.
import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Troupe } from 'troupe';
import { Client } from 'troupe/client';
import { Worker } from 'troupe/worker';
import { afterEach, beforeAll, afterAll, describe, expect, test } from 'vitest';
import { removeTemporaryFolders, temporaryFolder } from '../support/modes.ts';
import * as activities from './activities.ts';

const CLI = fileURLToPath(new URL('../../../dist/cli.js', import.meta.url));
const workflowsPath = fileURLToPath(new URL('./workflows.ts', import.meta.url));

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}
const troupe = (...args: string[]): Promise<Ended> =>
  new Promise((resolve) => {
    execFile(process.execPath, [CLI, ...args], (error, out, err) => {
      resolve({ code: error === null ? 0 : Number(error.code), out, err });
    });
  });
const linesOf = (text: string): string[] => text.trimEnd().split('\n');

let path: string;
beforeAll(async () => {
  path = temporaryFolder();
  const engine = await Troupe.open({ path, threads: 0, workflowsPath, activities });
  const { workflow } = engine.client;
  await workflow.execute('hello', { workflowId: 'greeting', args: ['the needle'] });
  await workflow.execute('fails', { workflowId: 'unlucky' }).catch(() => undefined);
  await workflow.execute('hello', { workflowId: 'other', args: ['Ada'] });
  await workflow.start('waits', { workflowId: 'patient' });
  await engine.close();
});
afterAll(removeTemporaryFolders);

describe('ls', () => {
  test('lists open workflows, then the closed, the newest first', async () => {
    const { code, out } = await troupe('ls', path);
    const [headings, ...rows] = linesOf(out);
    expect(code).toBe(0);
    expect(headings).toMatch(/^STATUS +WORKFLOW ID +TYPE +STARTED +CLOSED +EVENTS +RUN ID$/);
    expect(rows.map((row) => row.split(/ {2,}/).slice(0, 3))).toEqual([
      ['RUNNING', 'patient', 'waits'],
      ['COMPLETED', 'other', 'hello'],
      ['FAILED', 'unlucky', 'fails'],
      ['COMPLETED', 'greeting', 'hello'],
    ]);
  });

  test.each([
    [['--status', 'failed'], ['unlucky']],
    [['--status', 'running'], ['patient']],
    [
      ['--type', 'hello'],
      ['other', 'greeting'],
    ],
    [['--type', 'hello', '--limit', '1'], ['other']],
    [['--status', 'terminated'], []],
  ])('%j', async (filter, ids) => {
    const { code, out, err } = await troupe('ls', path, '--json', ...filter);
    expect(code).toBe(0);
    const rows = out === '' ? [] : linesOf(out).map((line) => JSON.parse(line) as { workflowId: string });
    expect(rows.map(({ workflowId }) => workflowId)).toEqual(ids);
    expect(err).toBe(filter.includes('--limit') ? 'There are more: --limit 10\n' : '');
  });

  test('says which namespaces there are', async () => {
    expect(await troupe('ls', path, '--namespace', 'elsewhere')).toEqual({
      code: 1,
      out: '',
      err: "There is no namespace 'elsewhere' in this store: default\n",
    });
  });
});

describe('show', () => {
  test('prints a history for people', async () => {
    const { code, out } = await troupe('show', path, 'greeting');
    expect(code).toBe(0);
    const lines = linesOf(out);
    expect(lines[0]).toMatch(/^workflow 'greeting', run [0-9a-f-]{36}$/);
    expect(lines[1]).toMatch(/^ {4}1 {2}20.*Z {2}WorkflowExecutionStarted {2}workflowType=hello/);
    expect(lines[1]).toContain('input=["the needle"]');
    expect(lines.at(-1)).toMatch(/WorkflowExecutionCompleted .*result="Hello, the needle!"/);
  });

  test('tells a failure with its causes', async () => {
    const { out } = await troupe('show', path, 'unlucky');
    expect(out).toContain('failure=Outer: the outer <- Error: the inner');
  });

  test("prints what Temporal's tools read, and what replays", async () => {
    const { out } = await troupe('show', path, 'greeting', '--json');
    const history = JSON.parse(out) as { events: { eventType: string }[] };
    expect(history.events[0]?.eventType).toBe('EVENT_TYPE_WORKFLOW_EXECUTION_STARTED');
    await Worker.runReplayHistory({ workflowsPath }, history, 'greeting');
  });

  test('knows runs by their ids', async () => {
    const [run] = linesOf((await troupe('ls', path, '--json', '--type', 'fails')).out);
    const { runId } = JSON.parse(run!) as { runId: string };
    expect((await troupe('show', path, 'unlucky', '--run-id', runId)).code).toBe(0);
    const { code, err } = await troupe('show', path, 'greeting', '--run-id', runId);
    expect(code).toBe(1);
    expect(err).toBe(`There is no workflow 'greeting' with a run '${runId}' in the namespace 'default'\n`);
  });
});

describe('check', () => {
  test('finds nothing wrong with a sound store', async () => {
    expect(await troupe('check', path)).toEqual({ code: 0, out: '4 runs are sound, 0 damaged\n', err: '' });
  });

  test('names a run of which one bit was flipped, and only that one', async () => {
    const copy = temporaryFolder();
    for (const file of readdirSync(path)) {
      if (file !== 'LOCK') writeFileSync(join(copy, file), readFileSync(join(path, file)));
    }
    const data = readFileSync(join(copy, 'data.mdb'));
    let at = data.indexOf('the needle');
    for (; at >= 0; at = data.indexOf('the needle', at + 1)) data[at] = data.readUInt8(at) ^ 1;
    writeFileSync(join(copy, 'data.mdb'), data);

    const { code, out } = await troupe('check', copy);
    expect(code).toBe(1);
    const [line, ...rest] = linesOf(out);
    expect(line).toMatch(/^damaged: run .* of workflow 'greeting' in namespace 'default': /);
    expect(rest).toEqual(['3 runs are sound, 1 damaged']);
    expect((await troupe('show', copy, 'greeting')).code).not.toBe(0);
    expect((await troupe('show', copy, 'other')).code).toBe(0);
  });
});

describe('what cannot be', () => {
  test('a wrong command ends with 2 and tells the right ones', async () => {
    const { code, out, err } = await troupe('list', path);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(/^there is no command 'list'\n\n(.|\n)*troupe ls <folder>/);
  });

  test('--help prints the usage', async () => {
    expect(await troupe('--help')).toMatchObject({ code: 0, err: '' });
  });

  test('a folder without a store stays without one', async () => {
    const empty = temporaryFolder();
    mkdirSync(join(empty, 'inner'));
    expect(await troupe('ls', empty)).toMatchObject({ code: 2, err: `${empty}: there is no store in it\n` });
    expect(readdirSync(empty)).toEqual(['inner']);
    const missing = join(empty, 'missing');
    expect(await troupe('check', missing)).toMatchObject({
      code: 2,
      err: `${missing}: there is no such folder\n`,
    });
  });

  describe('while a process works in the folder', () => {
    let engine: Troupe | undefined;
    afterEach(async () => engine?.close());

    test('the owner is named, and the owner is not disturbed', async () => {
      engine = await Troupe.open({ path, threads: 0 });
      const { code, err } = await troupe('ls', path);
      expect(code).toBe(2);
      expect(err).toContain(`is open in process ${process.pid} on `);
      const client = new Client({ connection: engine.client.connection });
      const { status } = await client.workflow.getHandle('patient').describe();
      expect(status.name).toBe('RUNNING');
    });
  });
});
