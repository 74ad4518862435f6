// What an engine is opened with, filled in and checked before anything is touched. Host thread.
import { availableParallelism, hostname } from 'node:os';
import type { Duration } from '../common/time';
import { msToNumber } from '../common/time';
import { ValueError } from '../common/errors';
import { guarded, LOGGER_FAILED, onlyFirst } from '../common/guarded';
import { RETENTION_DEFAULT_MS, RETENTION_MIN_MS, TURN_LIMIT_MS } from '../model/limits';
import type { DurationMs } from '../model/time';
import type { EngineLog } from '../scheduler/engine';

export interface EngineSettings {
  /** The folder that holds everything; made when it is missing. Local disks only. Default: TROUPE_PATH, or `./.troupe`. */
  path?: string;
  /** `memory`: nothing outlives the process; for tests. Default: `lmdb`. */
  store?: 'lmdb' | 'memory';
  /** Threads that run workflow code. `0`: on the calling thread. Default: one less than there are cores, 1 to 8. */
  threads?: number;
  /** When another process has the folder open: wait for its end, for ever or for so long. Default: throw at once. */
  waitForOwner?: boolean | Duration;
  /** How long closed workflows are kept, in namespaces that this process makes. At least 1 hour. Default: 7 days. */
  retention?: Duration;
  /** How long workflow code may run without an await before its thread is replaced. Default: 2 s. */
  turnLimit?: Duration;
  /** Bytes of workflows kept in memory; more of them sleep on disk. Default: 512 MB. */
  cacheBytes?: number;
  /** A workflow without work leaves memory after this. Default: 60 s. */
  idleEvict?: Duration;
  /** New workflows are refused while less than this is free on the disk (or 5 % of it, if that is less). Default: 512 MB. */
  minFreeBytes?: number;
  /** Where the engine's own log lines go. Default: warnings and errors on standard error. */
  logger?: EngineLog;
  /** Recorded in histories as who did it. Default: `<process id>@<host name>`. */
  identity?: string;
}

export interface ResolvedSettings {
  readonly store: { readonly kind: 'memory' } | { readonly kind: 'lmdb'; readonly path: string };
  readonly threads: number;
  readonly waitForOwner: boolean | DurationMs;
  readonly retentionMs: DurationMs;
  readonly turnLimitMs: DurationMs;
  readonly cacheBytes: number;
  readonly idleEvictMs: DurationMs;
  readonly minFreeBytes: number | undefined;
  readonly log: EngineLog;
  readonly identity: string;
}

const THREADS_MAX = 64;
const THREADS_DEFAULT_MAX = 8;
const CACHE_BYTES_DEFAULT = 512 * 1_024 * 1_024;
const CACHE_BYTES_MIN = 1_024 * 1_024;
const IDLE_EVICT_MS_DEFAULT = 60_000;
const TURN_LIMIT_MIN_MS = 100;

/** @throws {ValueError | TypeError} names the option and what it may be. */
export function resolveSettings(settings: EngineSettings): ResolvedSettings {
  const { threads = defaultThreads(), cacheBytes = CACHE_BYTES_DEFAULT, waitForOwner = false } = settings;
  whole('threads', threads, 0, THREADS_MAX);
  whole('cacheBytes', cacheBytes, CACHE_BYTES_MIN, Number.MAX_SAFE_INTEGER);
  if (settings.minFreeBytes !== undefined)
    whole('minFreeBytes', settings.minFreeBytes, 0, Number.MAX_SAFE_INTEGER);
  return {
    store: storeOf(settings),
    threads,
    waitForOwner:
      typeof waitForOwner === 'boolean' ? waitForOwner : duration('waitForOwner', waitForOwner, 0),
    retentionMs: duration('retention', settings.retention ?? RETENTION_DEFAULT_MS, RETENTION_MIN_MS),
    turnLimitMs: duration('turnLimit', settings.turnLimit ?? TURN_LIMIT_MS, TURN_LIMIT_MIN_MS),
    cacheBytes,
    idleEvictMs: duration('idleEvict', settings.idleEvict ?? IDLE_EVICT_MS_DEFAULT, 0),
    minFreeBytes: settings.minFreeBytes,
    log: logOf(settings),
    identity: settings.identity ?? `${process.pid}@${hostname()}`,
  };
}

function storeOf({ store = 'lmdb', path }: EngineSettings): ResolvedSettings['store'] {
  if (store === 'memory') {
    if (path !== undefined)
      throw new ValueError("path: a store in memory has none; leave out 'path' or 'store'");
    return { kind: 'memory' };
  }
  if (store !== 'lmdb') throw new ValueError(`store: 'lmdb' or 'memory', not ${JSON.stringify(store)}`);
  const folder = path ?? process.env['TROUPE_PATH'] ?? './.troupe';
  if (typeof folder !== 'string' || folder === '')
    throw new ValueError('path: a folder, as a text that is not empty');
  return { kind: 'lmdb', path: folder };
}

/** Asked now, not when there is something to say: that may be long after. */
function logOf({ logger = consoleLog }: EngineSettings): EngineLog {
  const { warn, error } = (logger ?? {}) as Partial<EngineLog>;
  if (typeof warn !== 'function' || typeof error !== 'function')
    throw new ValueError('logger: an object with the functions warn and error');
  if (logger === consoleLog) return logger;
  const fail = onlyFirst((reason) => consoleLog.warn(LOGGER_FAILED, { reason }));
  type Line = Parameters<EngineLog['warn']>;
  return {
    warn: guarded<Line>((...line) => logger.warn(...line), fail),
    error: guarded<Line>((...line) => logger.error(...line), fail),
  };
}

const defaultThreads = (): number => Math.min(THREADS_DEFAULT_MAX, Math.max(1, availableParallelism() - 1));

function whole(name: string, value: number, min: number, max: number): void {
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new ValueError(`${name}: a whole number from ${min} to ${max}, not ${String(value)}`);
  }
}

function duration(name: string, value: Duration, minMs: DurationMs): DurationMs {
  const ms = msToNumber(value, name);
  if (ms < minMs) throw new ValueError(`${name}: at least ${minMs} ms, not ${String(value)}`);
  return ms;
}

const consoleLog: EngineLog = {
  warn: (message, meta) => process.stderr.write(line('WARN', message, meta)),
  error: (message, meta) => process.stderr.write(line('ERROR', message, meta)),
};

function line(level: string, message: string, meta: Record<string, unknown> | undefined): string {
  const known = Object.entries(meta ?? {}).filter(([, value]) => value !== undefined);
  const rest = known.map(
    ([key, value]) => ` ${key}=${value instanceof Error ? value.message : String(value)}`,
  );
  return `[troupe] ${level} ${message}${rest.join('')}\n`;
}
