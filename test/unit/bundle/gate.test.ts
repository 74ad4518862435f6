// What the bundler refuses, and how it says so.
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { BundleError, type BundleWorkflowsOptions } from '../../../src/bundle/index.ts';
import { bundle } from '../sandbox/sandbox.ts';

type Files = Readonly<Record<string, string>>;

/** The error's message, with the folder of the test taken out. */
async function refusal(files: Files, options: Partial<BundleWorkflowsOptions> = {}): Promise<string> {
  const error: unknown = await bundle(files, options).catch((thrown: unknown) => thrown);
  if (!(error instanceof BundleError)) throw new Error(`not refused: ${String(error)}`);
  return error.message.replace(/\S*troupe-bundle-\w+\//g, '');
}

describe('modules of Node', () => {
  test('are refused with the way they came in and the way out', async () => {
    const message = await refusal({
      'workflows.ts': `import { sleep } from './sleep';\n\nimport * as activities from './activities';\nexport const wf = () => activities.read();\nvoid sleep;`,
      'sleep.ts': `export const sleep = 1;`,
      'activities.ts': `import { readFileSync } from 'node:fs';\nexport const read = () => readFileSync('a');`,
    });
    expect(message).toBe(
      [
        `workflows cannot use 'node:fs'`,
        `  workflows.ts:3 → activities.ts:1 → node:fs`,
        `  Write: import type * as activities from './activities'`,
      ].join('\n'),
    );
  });

  test('are refused in the workflow file itself', async () => {
    const message = await refusal({
      'workflows.ts': `import os from 'os';\nexport const wf = () => os.cpus();`,
    });
    expect(message).toContain(`workflows cannot use 'os'\n  workflows.ts:1 → os\n  Move the code`);
  });

  test('are refused in dependencies, through any number of files', async () => {
    const message = await refusal({
      'workflows.ts': `import { a } from './a';\nexport const wf = () => a;`,
      'a.ts': `import dep from 'dep';\nexport const a = dep;`,
      'node_modules/dep/package.json': `{ "name": "dep", "main": "lib.js" }`,
      'node_modules/dep/lib.js': `module.exports = require('./deep');`,
      'node_modules/dep/deep.js': `\n\nmodule.exports = require('crypto');`,
    });
    expect(message).toContain(
      'workflows.ts:1 → a.ts:1 → node_modules/dep/lib.js:1 → node_modules/dep/deep.js:3 → crypto',
    );
  });

  test('are all named at once', async () => {
    const message = await refusal({
      'workflows.ts': `import 'node:fs';\nimport 'node:net';\nimport 'worker_threads';\nexport const wf = () => 1;`,
    });
    expect(message.match(/workflows cannot use/g)).toHaveLength(3);
  });

  test('are no matter when only their types are imported', async () => {
    await bundle({
      'workflows.ts': `
        import type * as activities from './activities';
        import { type Stats } from 'node:fs';
        export const wf = (): keyof typeof activities | Stats => 'read';`,
      'activities.ts': `import 'node:fs'; export const read = () => 1;`,
    });
  });

  test('are empty when they are to be ignored', async () => {
    await bundle(
      {
        'workflows.ts': `import fs from 'fs'; import * as net from 'node:net'; import 'other'; export const wf = () => [fs, net];`,
      },
      { ignoreModules: ['node:fs', 'net', 'other'] },
    );
  });

  test('have stand-ins for what Temporal’s sandbox has too', async () => {
    await bundle({
      'workflows.ts': `import assert from 'node:assert'; import { URL } from 'url'; import { TextEncoder } from 'util'; export const wf = () => assert(URL && TextEncoder);`,
    });
  });
});

describe('doors for the host', () => {
  test.for([
    '@temporalio/activity',
    '@temporalio/client',
    '@temporalio/worker',
    'troupe',
    'troupe/activity',
    'troupe/client',
  ])('%s is refused', async (name) => {
    const message = await refusal({
      'workflows.ts': `import * as activities from './activities';\nexport const wf = activities;`,
      'activities.ts': `import * as door from '${name}';\nexport default door;`,
    });
    expect(message).toContain(`workflows cannot use '${name}'`);
    expect(message).toContain(`import type * as activities from './activities'`);
  });
});

describe('code that nobody has read', () => {
  test.for([
    [
      'a dynamic import',
      `export const wf = () => import('./other');`,
      'workflows cannot use import()\n  workflows.ts:1',
    ],
    [
      'a dynamic import of anything',
      `type T = 1;\nexport const wf = (name: string) =>\n  import(name);`,
      'workflows cannot use import()\n  workflows.ts:3',
    ],
    ['eval', `\nexport const wf = () => eval('1');`, 'workflows cannot use eval\n  workflows.ts:2'],
    ['indirect eval', `export const wf = () => (0, eval)('1');`, 'workflows cannot use eval'],
    [
      'new Function',
      `\n\nexport const wf = () => new Function('return 1')();`,
      'workflows cannot use new Function\n  workflows.ts:3',
    ],
    ['Function', `export const wf = () => Function('a', 'return a')();`, 'workflows cannot use new Function'],
  ] as const)('%s is refused', async ([, text, expected]) => {
    expect(await refusal({ 'workflows.ts': text, 'other.ts': 'export {}' })).toContain(expected);
  });

  test('is refused in an imported file with the way to it', async () => {
    const message = await refusal({
      'workflows.ts': `import { lazy } from './lib/lazy';\nexport const wf = () => lazy();`,
      'lib/lazy.ts': `\nexport const lazy = () => import('./other');`,
      'lib/other.ts': `export {};`,
    });
    expect(message).toContain('workflows.ts:1 → lib/lazy.ts:2');
  });

  test('is not seen in comments, strings, members and names', async () => {
    await bundle({
      'workflows.ts': `
        // import('x'), eval('x'), new Function('x')
        class C { import() { return "import('x')"; } eval(a: number) { return a; } }
        const o = { eval: 1, Function: 2, import: 3 };
        export const wf = () => [new C().import(), new C().eval(1), o.eval, o.import, /eval(x)/.source, \`import('\${o.Function}')\`, wf instanceof Function];`,
    });
  });

  test('is left to throw when it is called, where a dependency has it', async () => {
    await bundle({
      'workflows.ts': `import { safe } from 'dep'; export const wf = () => safe;`,
      'node_modules/dep/index.js': `exports.safe = 1; exports.unsafe = (code) => new Function(code);`,
    });
  });
});

describe('code that does not hold together', () => {
  test.for([
    ['a missing file', `import './missing'; export const wf = 1;`, /Could not resolve "\.\/missing"/],
    ['a missing package', `import 'nowhere'; export const wf = 1;`, /Could not resolve "nowhere"/],
    ['a syntax error', `\nexport const wf = ;`, /Unexpected ";"\n {2}.*workflows\.ts:2/],
    ['top-level await', `export const wf = await 1;`, /cannot use top-level await/],
    ['a missing export', `import { nope } from './other.js'; export const wf = nope;`, /No matching export/],
  ] as const)('%s is an error that names the place', async ([, text, expected]) => {
    expect(await refusal({ 'workflows.ts': text, 'other.js': 'export const yes = 1;' })).toMatch(expected);
  });

  test('a path that leads nowhere is an error that names it', async () => {
    const error = (await bundle(
      { 'workflows.ts': '' },
      { workflowsPath: path.resolve('/nowhere/workflows') },
    ).catch((thrown: unknown) => thrown)) as BundleError;
    expect(error).toBeInstanceOf(BundleError);
    expect(error.message).toContain(`workflowsPath: no file at '/nowhere/workflows'`);
    expect(error.problems).toHaveLength(1);
  });
});
