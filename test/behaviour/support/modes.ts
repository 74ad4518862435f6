// Every behaviour is tested on both stores and both kinds of lane: the cheapest pair and the one that users run.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Troupe, type TroupeOptions } from 'troupe';
import { afterEach, beforeEach, describe } from 'vitest';

export interface Mode {
  readonly name: string;
  readonly options: () => TroupeOptions;
}

export interface Running {
  /** The engine of this test; opened for it, closed after it. */
  readonly troupe: Troupe;
  /** Lines of the engine's log. */
  readonly log: readonly string[];
}

const folders: string[] = [];

/** A folder of the test's own, removed after it. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'troupe-behaviour-'));
  folders.push(folder);
  return folder;
}

export function removeTemporaryFolders(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

export const MODES: readonly Mode[] = [
  { name: 'memory store, workflows on the host thread', options: () => ({ store: 'memory', threads: 0 }) },
  { name: 'LMDB, workflows on a thread', options: () => ({ path: temporaryFolder(), threads: 1 }) },
];

/** Runs the tests once for each mode. */
export function inEachMode(options: TroupeOptions, tests: (running: Running) => void): void {
  for (const mode of MODES) {
    describe(mode.name, () => {
      const log: string[] = [];
      let troupe: Troupe | undefined;
      const logger = {
        warn: (message: string) => void log.push(message),
        error: (message: string) => void log.push(message),
      };
      beforeEach(async () => {
        log.length = 0;
        troupe = await Troupe.open({ ...mode.options(), logger, ...options });
      });
      afterEach(async () => {
        await troupe?.close({ within: '2 s' });
        troupe = undefined;
        removeTemporaryFolders();
      });
      tests({
        get troupe() {
          if (troupe === undefined) throw new Error('no engine is open');
          return troupe;
        },
        log,
      });
    });
  }
}

/** Waits until `holds` is true: for what becomes visible by itself, in bounded time. */
export async function eventually(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`never: ${what}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
