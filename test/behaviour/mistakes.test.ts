// Mistakes in workflow code, activities and workflow files: what each costs, and what is said about it.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Troupe } from 'troupe';
import { bundleWorkflowCode } from 'troupe/worker';
import { afterEach, describe, expect, test } from 'vitest';
import { run } from './examples/command.ts';
import { eventually, inEachModeTogether, removeTemporaryFolders, temporaryFolder } from './support/modes.ts';
import { mistake } from './workflows/mistakes.ts';

const workflowsPath = new URL('./workflows/mistakes.ts', import.meta.url);
const logger = { warn: () => undefined, error: () => undefined };
const activities = { echo: async (value: unknown): Promise<unknown> => value };

inEachModeTogether({ workflowsPath, activities }, (running) => {
  test.each([
    ['sleeps wrongly', /Invalid duration: 'soon'/],
    ['waits wrongly', /Invalid duration: 'soon'/],
    ['calls an activity with a wrong timeout', /Invalid duration: 'soon'/],
    ['starts a child with a wrong timeout', /Invalid duration: 'soon'/],
    ['returns a BigInt', /result is a BigInt/],
    ['returns a cycle', /result\.self refers back to result/],
    ['gives an activity a BigInt', /args\[0\] is a BigInt/],
    ['gives an activity a function', /args\[0\] is a function/],
    ['gives an activity too much', /the activity input is larger than 2097152 bytes/],
    ['returns too much', /the workflow result is larger than 2097152 bytes/],
    ['has a child with too long an id', /WorkflowId exceeds length limit/],
  ])('a workflow that %s fails its task and waits for better code', async (what, message) => {
    const { troupe } = running;
    const messages: string[] = [];
    const heard = (event: { execution: { workflowId: string }; message: string }): void => {
      if (event.execution.workflowId === what) messages.push(event.message);
    };
    troupe.on('turnFailed', heard);
    const handle = await troupe.client.workflow.start(mistake, { workflowId: what, args: [what] });
    await eventually('the task fails', () => messages.length > 0);
    troupe.off('turnFailed', heard);
    expect(messages[0]).toMatch(message);
    expect((await handle.describe()).status.name).toBe('RUNNING');
    await handle.terminate();
    const beside = { workflowId: `beside one that ${what}`, args: ['fine'] as [string] };
    expect(await troupe.client.workflow.execute(mistake, beside)).toBe('fine');
  });
});

describe('a workflow file', () => {
  afterEach(removeTemporaryFolders);

  const write = (folder: string, files: Readonly<Record<string, string>>): string => {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    return join(folder, 'workflows.ts');
  };
  const errorOf = (promise: Promise<unknown>): Promise<Error> =>
    promise.then(
      () => new Error('nothing was thrown'),
      (error: unknown) => error as Error,
    );

  test.each([
    [
      'with a syntax error is refused with its place',
      { 'workflows.ts': 'export async function greet() {\n  return 1 +;\n}\n' },
      [/workflows\.ts:2/],
    ],
    [
      'that imports what only Node has is refused with the chain of imports and the way out',
      {
        'workflows.ts': `import { read } from './activities';\nexport const greet = async () => read();\n`,
        'activities.ts': `import { readFileSync } from 'node:fs';\nexport const read = () => readFileSync('a');\n`,
      },
      [
        /workflows cannot use 'node:fs'/,
        /workflows\.ts:1 → .*activities\.ts:1 → node:fs/,
        /Write: import type/,
      ],
    ],
    [
      'that imports nothing that is there is refused with its place',
      { 'workflows.ts': `import './absent';\nexport const greet = async () => 1;\n` },
      [/workflows\.ts:1/, /absent/],
    ],
  ])('%s', async (_what, files, messages) => {
    const folder = temporaryFolder();
    const path = temporaryFolder();
    const file = write(folder, files);
    const open = (): Promise<Troupe> => Troupe.open({ path, threads: 0, logger, workflowsPath: file });
    for (const error of [await errorOf(open()), await errorOf(bundleWorkflowCode({ workflowsPath: file }))]) {
      expect(error.name).toBe('BundleError');
      for (const message of messages) expect(error.message).toMatch(message);
    }
    // Nothing was left open: with the file put right it starts.
    write(folder, { 'workflows.ts': `export const greet = async () => 'hello';\n` });
    const troupe = await open();
    expect(await troupe.client.workflow.execute('greet', { workflowId: 'greet' })).toBe('hello');
    await troupe.close();
  });
});

describe('a rejection that an activity leaves behind unheard', () => {
  afterEach(removeTemporaryFolders);

  test('is an error of the process, as everywhere in Node; the next process goes on with the work', async () => {
    const path = temporaryFolder();
    const script = 'test/behaviour/support/unheard-rejection.ts';
    const first = await run(script, [path, 'careless']);
    expect(first.how).toBe(1);
    expect(first.output).toContain('Error: nobody listens');
    const second = await run(script, [path, 'careful']);
    expect(second.output).toBe('done in attempt 2\n');
    expect(second.how).toBe(0);
  });

  test('is heard by a process that listens, and the activity goes on', async () => {
    const { how, output } = await run('test/behaviour/support/unheard-rejection.ts', [
      temporaryFolder(),
      'listening',
    ]);
    expect(output).toBe('heard: nobody listens\ndone in attempt 1\n');
    expect(how).toBe(0);
  });
});
