// The book of results: one line for each package, whatever is killed and however often a step is repeated.
import type { PackageResult } from '../model.ts';
import { bookFile } from './data-folder.ts';
import { AppendOnlyFile, readLines } from './ledger.ts';

export interface BookLine {
  /** Idempotency key of the step that recorded it: the same for all its attempts. */
  readonly key: string;
  readonly result: PackageResult;
}

const books = new Map<string, Book>();

/** One for each audit and process: only the worker process writes it, and the store has one owner. */
export class Book {
  /** What is in the file, or on its way. */
  private readonly lines: Map<string, Promise<void>>;
  private readonly file: AppendOnlyFile<BookLine>;

  private constructor(path: string) {
    this.file = new AppendOnlyFile(path);
    this.lines = new Map(readLines<BookLine>(path).map(({ key }) => [key, Promise.resolve()]));
  }

  static of(data: string, auditId: string): Book {
    const path = bookFile(data, auditId);
    let book = books.get(path);
    if (!book) books.set(path, (book = new Book(path)));
    return book;
  }

  get size(): number {
    return this.lines.size;
  }

  /** Resolves when the result is on the disk. @returns whether this call wrote it. */
  async record(key: string, result: PackageResult): Promise<boolean> {
    const before = this.lines.get(key);
    if (before) {
      await before;
      return false;
    }
    const written = this.file.append({ key, result });
    this.lines.set(key, written);
    try {
      await written;
      return true;
    } catch (error) {
      // Nobody knows how much of it is there. Only the file can tell, and a new process reads it.
      books.clear();
      throw error;
    }
  }
}
