// Keeps a worker process at work until the audit is done: starts it, kills it once half-way, starts it again whenever it
// dies, and stops it when the user or a later start says so.
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Question } from '../model.ts';
import type { Summary } from '../report/summary.ts';
import { count } from './format.ts';
import type { Display } from './display.ts';
import type { Options } from './options.ts';
import type { FromWorker, Job, ToWorker } from './protocol.ts';
import { saveState } from './state.ts';
import type { AuditState } from './state.ts';
import { Turnstile } from './turnstile.ts';

export type Outcome =
  | { readonly kind: 'finished'; readonly summary: Summary }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'failed'; readonly message: string };

/** How one worker process ended. */
type End = Outcome | { readonly kind: 'died'; readonly how: string; readonly progressed: boolean };

const WORKER_FILE = fileURLToPath(new URL('../worker.ts', import.meta.url));
/** Closing the store takes moments; a worker that takes longer can be killed like any other. */
const STOP_GRACE_MS = 10_000;
/** Workers that died one after the other without any progress: the next one would too. */
const FRUITLESS_MAX = 5;
const FRUITLESS_PAUSE_MS = 500;

export class Runner {
  private worker: ChildProcess | undefined;
  /** The worker that was killed on purpose. */
  private crashed: ChildProcess | undefined;
  private stopping = false;
  private toldHow = false;
  private lastQuestions: readonly Question[] = [];

  constructor(
    private readonly options: Options,
    private state: AuditState,
    private readonly display: Display,
  ) {}

  async run(): Promise<Outcome> {
    const interrupt = (): void => this.stop('interrupted');
    for (const signal of STOP_SIGNALS) process.on(signal, interrupt);
    const turnstile = new Turnstile(this.options.data, () => this.stop('a later start takes over'));
    const input = this.readApprovals();
    try {
      return await this.runWorkers();
    } finally {
      input?.close();
      for (const signal of STOP_SIGNALS) process.off(signal, interrupt);
      turnstile.close();
      this.display.removeBar();
    }
  }

  private async runWorkers(): Promise<Outcome> {
    let fruitless = 0;
    for (;;) {
      const end = await this.runWorker();
      if (end.kind === 'finished') this.save({ finished: true });
      if (end.kind !== 'died') return end;
      if (this.stopping) return { kind: 'stopped' };
      fruitless = end.progressed ? 0 : fruitless + 1;
      if (fruitless === FRUITLESS_MAX) {
        return {
          kind: 'failed',
          message: `${FRUITLESS_MAX} worker processes died one after the other (${end.how})`,
        };
      }
      if (fruitless > 0) await sleep(FRUITLESS_PAUSE_MS);
      if (this.stopping) return { kind: 'stopped' };
    }
  }

  private runWorker(): Promise<End> {
    const job: Job = {
      state: this.state,
      data: this.options.data,
      report: this.options.report,
      approveAll: this.options.approveAll,
    };
    const worker = fork(WORKER_FILE, [JSON.stringify(job)]);
    this.worker = worker;
    this.save({ workers: this.state.workers + 1 });
    let last: Outcome | undefined;
    let progressed = false;
    worker.on('message', (message: FromWorker) => {
      progressed ||= message.kind === 'progress' && message.progress.running > 0;
      last = this.hear(worker, message) ?? last;
    });
    return new Promise((resolve, reject) => {
      worker.on('error', reject);
      // After 'exit' messages of the worker may still be on their way; 'close' comes after the last.
      worker.on('close', (code, signal) => {
        const how = signal ?? `exit code ${code}`;
        const expected = last !== undefined || this.stopping || this.crashed === worker;
        if (!expected) this.display.line(`✗ worker process ${worker.pid} died (${how})`);
        // Ctrl-C ends the helpers of a worker too: what it could not do then is no failure.
        if (this.stopping && last?.kind !== 'finished') resolve({ kind: 'stopped' });
        else resolve(last ?? { kind: 'died', how, progressed });
      });
    });
  }

  /** @returns the outcome, when this message is one. */
  private hear(worker: ChildProcess, message: FromWorker): Outcome | undefined {
    switch (message.kind) {
      case 'open':
        this.display.line(
          `  worker process ${worker.pid} ${this.state.workers > 1 ? 'goes on' : 'is at work'}`,
        );
        return undefined;
      case 'progress':
        this.lastQuestions = message.progress.questions;
        this.tellHowToApprove();
        this.display.progress(message.progress);
        return undefined;
      case 'halfway':
        this.crash(worker, message);
        return undefined;
      case 'finished':
        return message;
      case 'failed':
        return message;
    }
  }

  private crash(worker: ChildProcess, { recorded, total }: { recorded: number; total: number }): void {
    this.save({ crash: 'done' });
    this.crashed = worker;
    worker.kill('SIGKILL');
    this.display.line(
      `✗ killed worker process ${worker.pid} with SIGKILL, ${count(recorded)} of ${count(total)} packages recorded`,
    );
  }

  private stop(why: string): void {
    const { worker } = this;
    if (this.stopping || !worker) return;
    this.stopping = true;
    this.display.line(`  stopping: ${why}`);
    this.send({ kind: 'stop' });
    const grace = setTimeout(() => worker.kill('SIGKILL'), STOP_GRACE_MS);
    worker.once('exit', () => clearTimeout(grace));
  }

  /** In a terminal: "y" approves every licence that waits, a package's name only its own. */
  private readApprovals(): { close(): void } | undefined {
    if (!process.stdin.isTTY) return undefined;
    const lines = createInterface({ input: process.stdin });
    lines.on('line', (line) => {
      const name = line.trim();
      if (name === '')
        for (const { name, licence } of this.lastQuestions) this.display.line(`  ? ${name}: ${licence}`);
      else this.send(name === 'y' ? { kind: 'approve' } : { kind: 'approve', name });
    });
    return lines;
  }

  /** Once, when it first matters. */
  private tellHowToApprove(): void {
    if (this.toldHow || this.lastQuestions.length === 0 || !process.stdin.isTTY || this.options.approveAll)
      return;
    this.toldHow = true;
    this.display.line(
      '  ? unknown licences wait for you: y approves them, a package name approves one, Enter lists them',
    );
  }

  private send(message: ToWorker): void {
    // It may be gone already: its end is told by 'close'.
    if (this.worker?.connected) this.worker.send(message, () => undefined);
  }

  private save(change: Partial<AuditState>): void {
    this.state = { ...this.state, ...change };
    saveState(this.options.data, this.state);
  }
}

const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
