// Rejections of workflow code, in processes that would die of any: on the main thread and in a worker, by each of Node's modes.
import { execFile } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const program = fileURLToPath(new URL('./fixtures/rejecting-program.ts', import.meta.url));

test.for([
  ['on the main thread', 'throw', []],
  ['in a worker', 'throw', ['in-worker']],
  ['on the main thread', 'strict', []],
  ['in a worker', 'strict', ['in-worker']],
  ['on the main thread', 'none', []],
] as const)('%s, --unhandled-rejections=%s', { timeout: 20_000 }, async ([, mode, args]) => {
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    [`--unhandled-rejections=${mode}`, '--import', path.join(root, 'scripts/ts.mjs'), program, ...args],
    { cwd: root, env: { PATH: process.env['PATH'] } },
  );
  expect(JSON.parse(stdout)).toEqual([
    'Unhandled Promise rejection: Error: now',
    'Unhandled Promise rejection: TypeError: later',
    'Unhandled Promise rejection: text',
    'ok',
  ]);
  expect(stderr).toBe('');
});
