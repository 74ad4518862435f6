// Append-only files whose lines are on the disk before anybody goes on: the ledger of executions and the book of results.
// Works in several threads and processes at once: a batch of lines is one write at the end of the file.
import { mkdirSync, readFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import path from 'node:path';

export class AppendOnlyFile<Line extends object> {
  private file: Promise<FileHandle> | undefined;
  private queue: Line[] = [];
  private writing: Promise<void> = Promise.resolve();
  private next: Promise<void> | undefined;

  constructor(private readonly path: string) {}

  /** Resolves when the line is on the disk. Lines that come while one write is under way share the next. */
  append(line: Line): Promise<void> {
    this.queue.push(line);
    this.next ??= this.writing = this.writing.catch(() => undefined).then(() => this.write());
    return this.next;
  }

  private async write(): Promise<void> {
    const lines = this.queue;
    this.queue = [];
    this.next = undefined;
    this.file ??= openForAppending(this.path);
    const file = await this.file;
    await file.appendFile(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    await file.datasync();
  }
}

/** A process that was killed may leave half a line: it must not spoil the first one that is appended now. */
async function openForAppending(file: string): Promise<FileHandle> {
  mkdirSync(path.dirname(file), { recursive: true });
  const handle = await open(file, 'a+');
  const { size } = await handle.stat();
  if (size > 0) {
    const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, size - 1);
    if (buffer[0] !== '\n'.charCodeAt(0)) await handle.appendFile('\n');
  }
  return handle;
}

/** All whole lines. Half lines, left by a kill, were never acted on: nobody waited for them in vain. */
export function readLines<Line>(file: string): Line[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
  return text.split('\n').flatMap((line) => {
    try {
      return line === '' ? [] : [JSON.parse(line) as Line];
    } catch {
      return [];
    }
  });
}
