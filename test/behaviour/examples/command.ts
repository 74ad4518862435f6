// Runs a program of this repository as a user does, in a process of its own, and tells what it printed and how it ended.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const TYPESCRIPT = new URL('../../../scripts/ts.mjs', import.meta.url).href;

export interface Ended {
  /** The exit code, or the signal. */
  readonly how: number | NodeJS.Signals;
  readonly output: string;
}

export class Command {
  private readonly child: ChildProcess;
  private output = '';
  private readonly watchers = new Set<() => void>();
  readonly ended: Promise<Ended>;

  /** `file` is relative to the folder, which is the repository unless another is given. */
  constructor(file: string, args: readonly string[], folder = ROOT) {
    const options = ['--enable-source-maps', '--import', TYPESCRIPT, file, ...args];
    this.child = spawn(process.execPath, options, {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.output += text;
        for (const watcher of this.watchers) watcher();
      });
    }
    this.ended = new Promise((resolve, reject) => {
      this.child.on('error', reject);
      this.child.on('close', (code, signal) => {
        resolve({ how: signal ?? code ?? -1, output: this.output });
        for (const watcher of this.watchers) watcher();
      });
    });
  }

  /** Resolves when the output holds this, or when the process has ended. */
  said(words: RegExp): Promise<void> {
    return new Promise((resolve) => {
      const watcher = (): void => {
        const over = this.child.exitCode !== null || this.child.signalCode !== null;
        if (!over && !words.test(this.output)) return;
        this.watchers.delete(watcher);
        resolve();
      };
      this.watchers.add(watcher);
      watcher();
    });
  }

  /** What it has printed so far. */
  get printed(): string {
    return this.output;
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Ctrl-C, as a terminal sends it: to the command and to every process that it has started. */
  pressCtrlC(): void {
    if (this.child.pid !== undefined) process.kill(-this.child.pid, 'SIGINT');
  }
}

/** Runs it to its end. */
export const run = (file: string, args: readonly string[], folder?: string): Promise<Ended> =>
  new Command(file, args, folder).ended;
