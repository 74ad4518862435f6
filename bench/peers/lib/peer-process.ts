// Runs one peer's process and gathers what it says. Whatever happens to it, its servers are stopped and its folder is removed:
// when it ends, when it hangs, when it is killed, and when the bench itself is told to end.
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Job, PeerMessage } from './job.ts';
import type { ServerStarted } from './server.ts';

const PROGRAM = fileURLToPath(new URL('../run-peer.ts', import.meta.url));
/** Longer than the slowest peer takes to start, and to drain a thousand workflows. */
const SILENCE_MAX_MS = 240_000;
const STOP_MAX_MS = 10_000;

export interface PeerRun {
  readonly node: string;
  /** Where stores lie, one folder for each run. */
  readonly data: string;
  readonly job: Omit<Job, 'folder'>;
  readonly signal: AbortSignal;
  readonly hear: (message: PeerMessage) => void;
}

/** @returns why it failed, if it did so without saying why. */
export async function runPeer({ node, data, job, signal, hear }: PeerRun): Promise<string | undefined> {
  mkdirSync(data, { recursive: true });
  const folder = mkdtempSync(path.join(data, `${job.adapter}-`));
  // A database server may run as a user of its own.
  chmodSync(folder, 0o755);
  const servers: ServerStarted[] = [];
  const child = fork(PROGRAM, [JSON.stringify({ ...job, folder } satisfies Job)], {
    execPath: node,
    // A group of its own: Ctrl-C reaches the bench, and the bench ends this.
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  try {
    return await untilEnded(child, signal, job.sizes.window.windowMs + SILENCE_MAX_MS, (message) => {
      if (message.kind === 'server') servers.push(message);
      else hear(message);
    });
  } finally {
    child.kill('SIGKILL');
    await Promise.all(servers.map(stop));
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

function untilEnded(
  child: ChildProcess,
  signal: AbortSignal,
  silenceMaxMs: number,
  hear: (message: PeerMessage) => void,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    let errors = '';
    let timer: NodeJS.Timeout | undefined;
    const end = (reason?: string): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      resolve(reason);
    };
    const abort = (): void => end('interrupted');
    const wait = (): void => {
      clearTimeout(timer);
      timer = setTimeout(() => end(`nothing heard of it for ${silenceMaxMs / 1_000} s`), silenceMaxMs);
    };
    wait();
    signal.addEventListener('abort', abort);
    child.stderr?.on('data', (chunk: Buffer) => (errors = `${errors}${chunk.toString()}`.slice(-2_000)));
    child.on('message', (message: PeerMessage) => {
      wait();
      hear(message);
    });
    child.on('error', (error) => end(error.message));
    child.on('close', (code, killedBy) =>
      end(code === 0 ? undefined : `${killedBy ?? `exit code ${code}`}: ${errors.trim().slice(-400)}`),
    );
    if (signal.aborted) abort();
  });
}

async function stop({ pid, stopSignal }: ServerStarted): Promise<void> {
  const until = performance.now() + STOP_MAX_MS;
  let last: NodeJS.Signals = stopSignal;
  for (let target = pid; signalled(target, last); last = 'SIGKILL', target = -pid) {
    while (signalled(pid, 0) && performance.now() < until) await sleep(50);
    if (!signalled(pid, 0) || last === 'SIGKILL') return;
  }
}

function signalled(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}
