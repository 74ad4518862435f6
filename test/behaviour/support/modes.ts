// Every behaviour is tested on both stores and both kinds of lane: the cheapest pair and the one that users run.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Troupe, type TroupeOptions } from 'troupe';
import { DefaultLogger, type LogEntry, Runtime } from 'troupe/worker';
import { afterAll, afterEach, beforeAll, beforeEach, describe } from 'vitest';

export interface Mode {
  readonly name: string;
  readonly options: () => TroupeOptions;
}

export interface Running {
  /** The engine of this test; who opened it, closes it. */
  readonly troupe: Troupe;
  /** Lines of the engine's log. */
  readonly log: readonly string[];
}

/** What activities and workflows logged in this process, instead of on standard error. */
export const applicationLog: LogEntry[] = [];
Runtime.install({ logger: new DefaultLogger('TRACE', (entry) => void applicationLog.push(entry)) });

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
const FORGETFUL: Mode = {
  name: 'no workflow stays in memory',
  options: () => ({ store: 'memory', threads: 0, idleEvict: 0 }),
};

/** Runs the tests once for each mode, each on an engine of its own: what one leaves behind no other sees. */
export function inEachMode(options: TroupeOptions, tests: (running: Running) => void): void {
  inModes(MODES, options, tests, beforeEach, afterEach);
}

/**
 * The same on one engine for all tests of a mode: faster, and the tests share its workflow ids. One mode more: a workflow that was
 * loaded and replayed for each of its messages behaves as one that stayed in memory.
 */
export function inEachModeTogether(options: TroupeOptions, tests: (running: Running) => void): void {
  inModes([...MODES, FORGETFUL], options, tests, beforeAll, afterAll);
}

type Hook = (act: () => Promise<void>) => void;

function inModes(
  modes: readonly Mode[],
  options: TroupeOptions,
  tests: (running: Running) => void,
  before: Hook,
  after: Hook,
): void {
  for (const mode of modes) {
    describe(mode.name, () => {
      const log: string[] = [];
      let troupe: Troupe | undefined;
      const logger = {
        warn: (message: string) => void log.push(message),
        error: (message: string) => void log.push(message),
      };
      before(async () => {
        log.length = 0;
        troupe = await Troupe.open({ ...mode.options(), logger, ...options });
      });
      after(async () => {
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
  const deadline = Date.now() + 5_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`never: ${what}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
