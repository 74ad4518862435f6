// What was asked and what was answered, kept on disk and fsynced outside the process that is killed: the judge of durability.
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';

export interface Entry {
  readonly workflowId: string;
  readonly kind: 'start' | 'add' | 'finish' | 'result';
  readonly requestId: string;
  readonly value?: number;
  acked: boolean;
}

export class Ledger {
  readonly #file: number;
  readonly entries: Entry[] = [];

  constructor(path: string) {
    this.#file = openSync(path, 'a');
  }

  /** Before it is sent. */
  invoked(entry: Omit<Entry, 'acked'>): Entry {
    const kept: Entry = { ...entry, acked: false };
    this.entries.push(kept);
    this.#write({ invoked: entry });
    return kept;
  }

  /** After the answer. From here on it must never be gone. */
  acked(entry: Entry): void {
    entry.acked = true;
    this.#write({ acked: entry.requestId });
  }

  close(): void {
    closeSync(this.#file);
  }

  #write(line: object): void {
    writeSync(this.#file, `${JSON.stringify(line)}\n`);
    fsyncSync(this.#file);
  }
}
