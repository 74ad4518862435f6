// Folders for what threads load from files: one for each use, removed with it. A process that is killed leaves its own behind; the next
// one removes it, a day later at the earliest: a number of a process means nothing in another container that shares the folder.
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

const PREFIX = 'troupe-activities-';
const LEFT_BEHIND_MS = 24 * 3_600_000;

export interface TemporaryFolder {
  readonly path: string;
  remove(): Promise<void>;
}

export async function temporaryFolder(parent = tmpdir()): Promise<TemporaryFolder> {
  const folder = await mkdtemp(path.join(parent, `${PREFIX}${process.pid}-`));
  const { mtimeMs } = await stat(folder);
  await removeLeftBehind(parent, mtimeMs - LEFT_BEHIND_MS).catch(() => undefined);
  return { path: folder, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** Whatever goes wrong is no reason not to begin. */
async function removeLeftBehind(parent: string, before: number): Promise<void> {
  for (const name of await readdir(parent)) {
    const [, pid] = /^troupe-activities-(\d+)-/.exec(name) ?? [];
    if (pid === undefined || isAlive(Number(pid))) continue;
    const folder = path.join(parent, name);
    const { mtimeMs } = await stat(folder);
    if (mtimeMs < before) await rm(folder, { recursive: true, force: true });
  }
}

/** Also when it belongs to somebody else. */
function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
