// Servers that a peer needs: started with ports and folders of the bench's own, and stopped with it. Runs in the peer's process.
// A server is a process group of its own: Ctrl-C reaches the bench alone, which then stops the server in order.
import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { CannotRun } from './peer.ts';

const START_MAX_MS = 60_000;
const STOP_MAX_MS = 10_000;

export interface ServerOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** Gets its output; the end of it is told when the server fails. */
  readonly log: string;
  /** A server that refuses to run as root runs as this user. */
  readonly user?: { readonly uid: number; readonly gid: number };
  readonly stopSignal: NodeJS.Signals;
  /** Asked again and again, until it says so. */
  readonly isReady: () => Promise<boolean>;
}

/** What the peer's process tells its parent, which stops the server if the process cannot. */
export interface ServerStarted {
  readonly kind: 'server';
  readonly pid: number;
  readonly stopSignal: NodeJS.Signals;
}

export async function withServer<Result>(
  { command, args, env, log, user, stopSignal, isReady }: ServerOptions,
  use: () => Promise<Result>,
): Promise<Result> {
  const output = openSync(log, 'a');
  const server = spawn(command, args, {
    detached: true,
    stdio: ['ignore', output, output],
    env: { ...process.env, ...env },
    ...user,
  });
  closeSync(output);
  let ended: string | undefined;
  const closed = new Promise<void>((resolve) => {
    const end = (how: string): void => {
      ended = how;
      resolve();
    };
    server.once('error', (error) => end(error.message));
    server.once('exit', (code, signal) => end(signal ?? `exit code ${code}`));
  });
  const { pid } = server;
  const stop = (): void => {
    if (ended === undefined && pid !== undefined) process.kill(pid, stopSignal);
  };
  process.once('exit', stop);
  if (pid !== undefined) process.send?.({ kind: 'server', pid, stopSignal } satisfies ServerStarted);
  try {
    const until = performance.now() + START_MAX_MS;
    while (!(await isReady().catch(() => false))) {
      if (ended !== undefined) throw new CannotRun(`${command} ended (${ended}): ${endOf(log)}`);
      if (performance.now() > until) throw new CannotRun(`${command} was not ready in time: ${endOf(log)}`);
      await sleep(50);
    }
    return await use();
  } finally {
    stop();
    await Promise.race([closed, sleep(STOP_MAX_MS, undefined, { ref: false })]);
    if (ended === undefined && pid !== undefined) process.kill(-pid, 'SIGKILL');
    await closed;
    process.removeListener('exit', stop);
  }
}

const endOf = (log: string): string => readFileSync(log, 'utf8').trim().slice(-300).replace(/\s+/g, ' ');

/** A port of the loopback interface that nobody uses. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

export async function answersHttp(url: string): Promise<boolean> {
  return (await fetch(url)).ok;
}
