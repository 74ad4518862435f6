import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { temporaryFolder } from '../../../src/worker/temporary-folder';

/** Above what Linux, macOS and Windows give to processes. */
const NOBODY = 2 ** 30;
const TWO_DAYS_S = 2 * 86_400;

let parent: string;
beforeEach(() => {
  parent = mkdtempSync(path.join(tmpdir(), 'troupe-test-'));
});
afterEach(() => rmSync(parent, { recursive: true, force: true }));

function leftBehind(name: string, ageS: number): string {
  const folder = path.join(parent, name);
  mkdirSync(folder);
  const at = Date.now() / 1_000 - ageS;
  utimesSync(folder, at, at);
  return folder;
}

test('a folder is there until it is removed', async () => {
  const folder = await temporaryFolder(parent);
  expect(existsSync(folder.path)).toBe(true);
  await folder.remove();
  expect(existsSync(folder.path)).toBe(false);
});

test('what killed processes left behind a day ago goes; what is younger, in use, or of others stays', async () => {
  const killed = leftBehind(`troupe-activities-${NOBODY}-a`, TWO_DAYS_S);
  const young = leftBehind(`troupe-activities-${NOBODY}-b`, 60);
  const used = leftBehind(`troupe-activities-${process.pid}-c`, TWO_DAYS_S);
  const foreign = leftBehind('somebody-else', TWO_DAYS_S);
  await temporaryFolder(parent);
  expect([killed, young, used, foreign].map((folder) => existsSync(folder))).toEqual([
    false,
    true,
    true,
    true,
  ]);
});
