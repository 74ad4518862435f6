// A victim as the driver sees it: started, asked, killed. Every answer either comes, or never comes because of the kill.
import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Answer, Operation } from './protocol.ts';

/** The victim was killed before it answered: the outcome is unknown. */
export class Unanswered extends Error {
  override readonly name = 'Unanswered';
}

export class VictimError extends Error {
  constructor(
    override readonly name: string,
    message: string,
  ) {
    super(message);
  }
}

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

const PROGRAM = fileURLToPath(new URL('./victim.ts', import.meta.url));
const LOADER = new URL('../../../scripts/ts.mjs', import.meta.url).href;

export class Victim {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, Waiting>();
  readonly #ended: Promise<void>;
  readonly #ready: Promise<void>;
  #nextId = 1;
  #output = '';
  #hasEnded = false;

  constructor(folder: string, env: Readonly<Record<string, string>>) {
    this.#child = fork(PROGRAM, [folder], {
      execArgv: ['--import', LOADER],
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on('data', (chunk: Buffer) => (this.#output = (this.#output + chunk.toString()).slice(-8_000)));
    }
    let markReady: () => void;
    this.#ready = new Promise((resolve, reject) => {
      markReady = resolve;
      this.#child.once('exit', () => reject(new Unanswered('it ended before it was ready')));
    });
    this.#ready.catch(() => undefined);
    this.#child.on('message', (answer: Answer) => {
      if ('ready' in answer) return markReady();
      const waiting = this.#waiting.get(answer.id);
      this.#waiting.delete(answer.id);
      if ('ok' in answer) waiting?.resolve(answer.ok);
      else waiting?.reject(new VictimError(answer.error.name, answer.error.message));
    });
    this.#ended = new Promise((resolve) => {
      this.#child.once('exit', () => {
        this.#hasEnded = true;
        const waiting = [...this.#waiting.values()];
        this.#waiting.clear();
        for (const { reject } of waiting) reject(new Unanswered('killed'));
        resolve();
      });
    });
  }

  get inFlight(): number {
    return this.#waiting.size;
  }
  get hasEnded(): boolean {
    return this.#hasEnded;
  }
  /** The last of what it printed. */
  get output(): string {
    return this.#output;
  }

  ready(): Promise<void> {
    return this.#ready;
  }

  ask<T>(operation: Operation): Promise<T> {
    if (this.#hasEnded) return Promise.reject(new Unanswered('it has ended'));
    const id = this.#nextId++;
    return new Promise<unknown>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      // It may have died meanwhile: then its end says so.
      this.#child.send({ id, operation }, () => undefined);
    }) as Promise<T>;
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#ended;
  }

  async close(): Promise<void> {
    await this.ask({ kind: 'close' });
    this.#child.disconnect();
    await this.#ended;
  }
}
