// Another process that has a folder open, or tries to.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach } from 'vitest';

const PROGRAM = fileURLToPath(new URL('owner-process.ts', import.meta.url));
const TYPESCRIPT = new URL('../../../../scripts/ts.mjs', import.meta.url).href;

export interface OwnerOptions {
  readonly beatMs?: number;
  readonly waitForOwner?: number;
}
export interface Told {
  readonly opened?: number;
  readonly committed?: string;
  readonly keys?: readonly string[];
  readonly refused?: string;
  readonly failed?: string;
  readonly closed?: true;
  readonly error?: string;
  readonly message?: string;
}

const owners: Owner[] = [];
afterEach(async () => {
  for (const owner of owners.splice(0)) await owner.kill();
});

export class Owner {
  readonly #process: ChildProcess;
  readonly #told: Told[] = [];
  #onTold: () => void = () => undefined;
  readonly #ended: Promise<unknown>;
  #hasEnded = false;

  private constructor(folder: string, options: OwnerOptions) {
    this.#process = spawn(
      process.execPath,
      ['--import', TYPESCRIPT, PROGRAM, folder, JSON.stringify(options)],
      { stdio: ['pipe', 'pipe', 'inherit'] },
    );
    this.#ended = once(this.#process, 'close').then(() => {
      this.#hasEnded = true;
      this.#onTold();
    });
    if (this.#process.stdout === null) throw new Error('a process without output');
    createInterface(this.#process.stdout).on('line', (line) => {
      this.#told.push(JSON.parse(line) as Told);
      this.#onTold();
    });
    owners.push(this);
  }

  /** A process that begins to open the folder. */
  static begin(folder: string, options: OwnerOptions = {}): Owner {
    return new Owner(folder, options);
  }

  /** A process that has the folder open. */
  static async start(folder: string, options: OwnerOptions = {}): Promise<Owner> {
    const owner = new Owner(folder, options);
    const told = await owner.hear();
    if (told.opened === undefined) throw new Error(`the folder was not opened: ${JSON.stringify(told)}`);
    return owner;
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** The next thing it tells. */
  async hear(): Promise<Told> {
    while (this.#told.length === 0) {
      if (this.#hasEnded) throw new Error(`the process ended with ${this.#process.exitCode}`);
      await new Promise<void>((resolve) => (this.#onTold = resolve));
    }
    return this.#told.shift() as Told;
  }

  say(line: string): void {
    this.#process.stdin?.write(`${line}\n`);
  }

  async ask(line: string): Promise<Told> {
    this.say(line);
    return this.hear();
  }

  pause(): void {
    this.#process.kill('SIGSTOP');
  }

  resume(): void {
    this.#process.kill('SIGCONT');
  }

  /** It closes the folder and ends. */
  async end(): Promise<void> {
    this.say('close');
    await this.#ended;
  }

  async kill(): Promise<void> {
    if (!this.#hasEnded) this.#process.kill('SIGKILL');
    await this.#ended;
  }
}
