// The three small files of the README, copied out of it and run in a project of their own.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ROOT, run } from './command.ts';

/** Enough on a busy machine. */
const TIMEOUT_MS = 60_000;

let project: string;
beforeEach(() => {
  project = mkdtempSync(path.join(tmpdir(), 'troupe-readme-'));
  mkdirSync(path.join(project, 'node_modules'));
  symlinkSync(ROOT, path.join(project, 'node_modules/troupe'));
});
afterEach(() => {
  rmSync(project, { recursive: true, force: true });
});

test(
  "the README's three files run as they stand",
  async () => {
    const readme = readFileSync(path.join(ROOT, 'README.md'), 'utf8');
    const blocks = [...readme.matchAll(/```ts\n\/\/ (\w+\.ts)[^\n]*\n([\s\S]*?)```/g)];
    expect(blocks.map(([, name]) => name)).toEqual(['workflows.ts', 'activities.ts', 'main.ts']);
    for (const [, name, code] of blocks) writeFileSync(path.join(project, name ?? ''), code ?? '');
    const { how, output } = await run(path.join(project, 'main.ts'), [], project);
    expect(output).toContain('charged 1\nshipped 1\n');
    expect(how).toBe(0);
  },
  TIMEOUT_MS,
);
