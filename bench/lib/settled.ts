// What a process holds when all of its garbage is gone. Needs --expose-gc, and reaches only the thread that asks.
import { setTimeout as sleep } from 'node:timers/promises';
import { fileBytes, residentBytes } from './machine.ts';

/** Bytes. */
export interface MemoryParts {
  /** Of the process, but no file's. */
  readonly resident: number;
  readonly heap: number;
  /** Array buffers and what else V8 knows of outside its heap. */
  readonly external: number;
  /** The data file's pages that are mapped: the system's to take back. */
  readonly pageCache: number;
}

export async function settledMemory(): Promise<MemoryParts> {
  for (let round = 0; round < 4; round += 1) {
    globalThis.gc?.();
    await sleep(100);
  }
  const { heapUsed, external } = process.memoryUsage();
  return { resident: residentBytes(), heap: heapUsed, external, pageCache: fileBytes() };
}
