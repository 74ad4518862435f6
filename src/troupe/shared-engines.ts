// The open engines of this process, by the real path of their folder: opened twice it is one engine, closed by its last user.
// Host thread. Kept on `process`: a test runner or an application may load this module more than once.
import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { isMainThread } from 'node:worker_threads';
import type { Gateway } from '../model/gateway';
import type { DurationMs } from '../model/time';
import { holdProcess } from '../scheduler/clock';
import type { Engine } from '../scheduler/engine';
import { makeFolder } from '../storage/lmdb/folder';
import type { Store } from '../storage/store';
import type { ResolvedSettings } from './engine-options';
import { openEngine, type EngineParts } from './open-engine';

/** One use of an engine. */
export interface EngineLease {
  readonly engine: Engine;
  /** How clients reach it. */
  readonly gateway: Gateway;
  readonly store: Store;
  /** Absent: in memory. */
  readonly path?: string;
  readonly identity: string;
  /** Ends this use; the last one closes the engine, which drains for at most `drainMs`. */
  release(drainMs: DurationMs): Promise<void>;
}

interface Opened extends Omit<EngineLease, 'release'> {
  /**
   * Ends the hold on the process. An open engine keeps the process alive also when nothing else does: a thread that is lost is
   * replaced after a pause, a full disk is tried again after one.
   */
  readonly letGo: () => void;
}

interface Shared {
  readonly opening: Promise<Opened>;
  users: number;
  closing: Promise<void> | undefined;
}

const REGISTRY = Symbol.for('troupe.engines');

function registry(): Map<string, Shared> {
  const holder = process as { [REGISTRY]?: Map<string, Shared> };
  holder[REGISTRY] ??= new Map();
  return holder[REGISTRY];
}

export async function leaseEngine(settings: ResolvedSettings, parts?: EngineParts): Promise<EngineLease> {
  const { store } = settings;
  if (store.kind === 'memory' || parts !== undefined) {
    return leaseOf(
      { opening: open(settings, undefined, parts), users: 1, closing: undefined },
      () => undefined,
    );
  }
  const path = realPathOf(store.path);
  const engines = registry();
  for (;;) {
    const known = engines.get(path);
    if (known === undefined) break;
    if (known.closing === undefined) {
      known.users += 1;
      return leaseOf(known, () => engines.delete(path));
    }
    await known.closing;
  }
  const shared: Shared = { opening: open(settings, path), users: 1, closing: undefined };
  engines.set(path, shared);
  try {
    return await leaseOf(shared, () => engines.delete(path));
  } catch (error) {
    engines.delete(path);
    throw error;
  }
}

async function open(
  settings: ResolvedSettings,
  path: string | undefined,
  parts?: EngineParts,
): Promise<Opened> {
  const { engine, store } = await openEngine(settings, parts);
  const letGo = holdProcess();
  if (store.kind === 'lmdb') endTheProcessOnFailure(engine, letGo);
  const { identity } = settings;
  return { engine, gateway: engine, store, identity, letGo, ...(path !== undefined && { path }) };
}

async function leaseOf(shared: Shared, forget: () => void): Promise<EngineLease> {
  const { letGo, ...opened } = await shared.opening;
  if (opened.engine.failure !== undefined) {
    shared.users -= 1;
    throw opened.engine.failure;
  }
  let released: Promise<void> | undefined;
  const end = async (drainMs: DurationMs): Promise<void> => {
    shared.users -= 1;
    if (shared.users > 0) return;
    shared.closing = closeAll(opened.engine, opened.store, drainMs).finally(() => {
      letGo();
      forget();
    });
    await shared.closing;
  };
  return { ...opened, release: (drainMs) => (released ??= end(drainMs)) };
}

async function closeAll(engine: Engine, store: Store, drainMs: DurationMs): Promise<void> {
  await engine.close(drainMs);
  await store.close();
}

/**
 * A store that failed may hold the process: LMDB's own exit handler can wait for a commit that never ends. Nobody listens:
 * abort, as Node does for errors that nobody handles. Somebody does: the process lives on, and leaves without that handler.
 */
function endTheProcessOnFailure(engine: Engine, letGo: () => void): void {
  engine.onFailure((error, { isHeard }) => {
    if (!isHeard) {
      process.stderr.write(`[troupe] FATAL ${error.message}\n`);
      process.abort();
    }
    letGo();
    const { reallyExit } = process as unknown as { reallyExit: (code?: number | string | null) => never };
    process.once('exit', (code) => reallyExit.call(process, code));
  });
}

function realPathOf(path: string): string {
  const folder = resolve(path);
  try {
    return realpathSync(folder);
  } catch {
    // Made now, so that two spellings of it are one from the beginning; what is wrong with it, the store will say.
    try {
      if (isMainThread) makeFolder(folder);
      return realpathSync(folder);
    } catch {
      return folder;
    }
  }
}
