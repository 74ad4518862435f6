// A lane on a thread of its own: a piscina pool of one thread, running one long task that holds a MessagePort. Host thread.
// The thread may be ended at any instant: nothing that exists only there was ever acknowledged.
import { existsSync, realpathSync } from 'node:fs';
import { totalmem } from 'node:os';
import { dirname, join, resolve, sep } from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import { Piscina } from 'piscina';
import type { LaneSetup } from '../../wire/lane-setup';
import { createTurnMemory, TurnReader } from '../../wire/turn-monitor';
import type { LaneDeath, LaneFactory } from './lane';

/** What the shard thread's task is called with. */
export interface ShardTask {
  readonly setup: LaneSetup;
  readonly port: MessagePort;
  readonly memory: SharedArrayBuffer;
}

export interface LaneThreadsOptions {
  readonly laneCount: number;
  /** A fuse, not a fence: buffers are not counted. Default 2,048 MB. */
  readonly maxHeapMb?: number;
}

export interface PiscinaLaneOptions {
  readonly threads: LaneThreads;
  /** Handed the turn memory of each new lane, for the watchdog. */
  readonly onTurnMemory: (lane: number, reader: TurnReader) => void;
}

const HEAP_MB_DEFAULT = 2_048;
/**
 * Workflows that end within a second die young here: with 1,000 of them at once a lane takes 0.85 times the processor time that it takes
 * with 192 MB, 0.7 times that of V8's own 16 MB (bench/LOG.md). Room for it, not use of it: an idle thread has hardly any.
 */
const YOUNG_GENERATION_MB = { min: 48, max: 384 } as const;
/** All lanes together may use this part of the machine's memory, or of the container's, for what is young. */
const YOUNG_GENERATION_SHARE = 1 / 32;
const MB = 1_024 * 1_024;

/** Threads for lanes. The first ones start at once: they load their code while the store is opened. */
export class LaneThreads {
  readonly #options: LaneThreadsOptions;
  readonly #filename = shardThreadFile();
  readonly #execArgv = permissionFlags(this.#filename);
  /** Not taken yet. */
  readonly #started = new Set<Piscina>();

  constructor(options: LaneThreadsOptions) {
    this.#options = options;
    for (let lane = 0; lane < options.laneCount; lane += 1) {
      const thread = this.#start();
      // One that dies before it is taken is not missed, and not started again.
      thread.on('error', () => {
        if (this.#started.delete(thread)) void thread.destroy().catch(() => undefined);
      });
      this.#started.add(thread);
    }
  }

  take(): Piscina {
    const [thread] = this.#started;
    if (thread === undefined) return this.#start();
    this.#started.delete(thread);
    return thread;
  }

  /** Ends those that nobody took. */
  async end(): Promise<void> {
    const threads = [...this.#started];
    this.#started.clear();
    await Promise.all(threads.map((thread) => thread.destroy().catch(() => undefined)));
  }

  #start(): Piscina {
    const { laneCount, maxHeapMb = HEAP_MB_DEFAULT } = this.#options;
    return new Piscina({
      filename: this.#filename,
      minThreads: 1,
      maxThreads: 1,
      idleTimeout: Infinity,
      atomics: 'disabled',
      env: {},
      execArgv: [...this.#execArgv],
      resourceLimits: {
        maxOldGenerationSizeMb: maxHeapMb,
        maxYoungGenerationSizeMb: youngGenerationMb(laneCount),
      },
    });
  }
}

export function piscinaLanes(options: PiscinaLaneOptions): LaneFactory {
  return (setup, events) => {
    const memory = createTurnMemory();
    const reader = new TurnReader(memory);
    options.onTurnMemory(setup.lane, reader);
    const { port1: hostPort, port2: shardPort } = new MessageChannel();
    let alive = true;
    const die = (reason: string): void => {
      if (!alive) return;
      alive = false;
      hostPort.close();
      const culprit = reader.current;
      const death: LaneDeath = culprit === undefined ? { reason } : { reason, culprit };
      void pool.destroy().catch(() => undefined);
      events.onDied(death);
    };
    const pool = options.threads.take();
    pool.on('error', (error: Error) => die(error.message));
    hostPort.on('message', (batch: Uint8Array) => {
      if (alive) events.onBatch(batch);
    });
    const task: ShardTask = { setup, port: shardPort, memory };
    pool.run(task, { transferList: [shardPort] }).then(
      () => die('the shard thread ended'),
      (error: unknown) => die(error instanceof Error ? (error.stack ?? error.message) : String(error)),
    );
    return {
      post(bytes) {
        hostPort.postMessage(bytes, [bytes.buffer]);
      },
      async terminate(reason, quietly = false) {
        if (quietly) {
          alive = false;
          hostPort.close();
        } else {
          die(reason);
        }
        await pool.destroy().catch(() => undefined);
      },
    };
  };
}

/** The compiled entry; when this file itself runs from source, the built one beside the sources. */
function shardThreadFile(): string {
  const beside = join(dirname(__dirname), '..', 'actors', 'shard-thread.js');
  if (existsSync(beside)) return resolve(beside);
  return resolve(dirname(__dirname), '..', '..', 'dist', 'actors', 'shard-thread.js');
}

function youngGenerationMb(laneCount: number): number {
  // Without a limit it is 0, or more than there is.
  const limit = process.constrainedMemory();
  const memory = limit > 0 ? Math.min(limit, totalmem()) : totalmem();
  const each = Math.floor((memory * YOUNG_GENERATION_SHARE) / laneCount / MB);
  return Math.min(Math.max(each, YOUNG_GENERATION_MB.min), YOUNG_GENERATION_MB.max);
}

/**
 * A shard may read its own code and its dependencies' and touch nothing else: no files, processes, threads, addons.
 * The flag has another name before Node 24. Without a known one (`process.allowedNodeEnvironmentFlags`) the thread goes without.
 */
function permissionFlags(entry: string): readonly string[] {
  const known = process.allowedNodeEnvironmentFlags;
  const flag = ['--permission', '--experimental-permission'].find((name) => known.has(name));
  if (flag === undefined) return [];
  return [flag, ...readableRoots(entry).map((root) => `--allow-fs-read=${root}`), '--no-warnings'];
}

/** What a shard thread loads beside this package. */
const THREAD_PACKAGES = ['piscina', 'msgpackr'];

/**
 * The package's own folder, every `node_modules` above it, where its dependencies may have been hoisted to, and the one in which
 * they really are, where links lead elsewhere.
 */
function readableRoots(entry: string): readonly string[] {
  const roots = new Set<string>([join(dirname(entry), '..', sep, '*')]);
  for (const name of THREAD_PACKAGES) {
    const modules = modulesFolderOf(realpathSync(require.resolve(name)));
    if (modules !== undefined) roots.add(join(modules, '*'));
  }
  for (let folder = dirname(entry); ; folder = dirname(folder)) {
    const modules = join(folder, 'node_modules');
    if (existsSync(modules)) roots.add(join(modules, '*'));
    const manifest = join(folder, 'package.json');
    if (existsSync(manifest)) roots.add(manifest);
    if (folder === dirname(folder)) return [...roots];
  }
}

function modulesFolderOf(file: string): string | undefined {
  const at = file.lastIndexOf(`${sep}node_modules${sep}`);
  return at === -1 ? undefined : file.slice(0, at + `${sep}node_modules`.length);
}
