// What the machine is and does: processors, foreign load, memory, its own append and fdatasync.
import {
  closeSync,
  fdatasyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { arch, cpus, platform, release, totalmem } from 'node:os';
import path from 'node:path';
import { median } from './statistics.ts';

const PROBE_BYTES = 400;
const PROBE_WRITES = 200;

/** Median time of appending 400 bytes and making them durable, in the folder's file system: the floor of every step. */
export function probeDisk(folder: string): number {
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, `probe-${process.pid}`);
  const descriptor = openSync(file, 'w');
  try {
    const bytes = Buffer.alloc(PROBE_BYTES, 1);
    const times = Array.from({ length: PROBE_WRITES }, () => {
      const before = performance.now();
      writeSync(descriptor, bytes);
      fdatasyncSync(descriptor);
      return performance.now() - before;
    });
    return median(times);
  } finally {
    closeSync(descriptor);
    rmSync(file);
  }
}

/** Processor time between two moments: of this process, or of what `usedMs` counts. */
export class CpuMeter {
  private readonly startedAt = performance.now();
  private readonly own: number;
  private readonly machine = busyMs();

  constructor(private readonly usedMs: () => number = ownMs) {
    this.own = usedMs();
  }

  /** Cores that this process kept busy, threads included, and the share of the machine that others used. */
  read(): { readonly cores: number; readonly foreign: number } {
    const elapsedMs = performance.now() - this.startedAt;
    const usedMs = this.usedMs() - this.own;
    const foreignMs = Math.max(0, busyMs() - this.machine - usedMs);
    return { cores: usedMs / elapsedMs, foreign: foreignMs / (elapsedMs * cpus().length) };
  }
}

function ownMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

/** All processors together, since the machine started. */
function busyMs(): number {
  return cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0);
}

/** Bytes of this process that are no file's: the page cache of the data file aside. */
export const residentBytes = (): number => statusBytes('RssAnon') ?? process.memoryUsage().rss;

/** Bytes of files that are mapped into this process, the data file's above all; 0 where the system does not tell. */
export const fileBytes = (): number => statusBytes('RssFile') ?? 0;

function statusBytes(name: string): number | undefined {
  if (platform() !== 'linux') return undefined;
  const line = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(readFileSync('/proc/self/status', 'utf8'));
  return line ? Number(line[1]) * 1_024 : undefined;
}

const SECTOR_BYTES = 512;
const SECTORS_WRITTEN = 6;

/**
 * Bytes that the folder's disk has written, whoever asked for them; where the system does not tell, what this process has handed over.
 * The latter is four times too much on a kernel that counts whole folios of the page cache, of which a page alone is written.
 */
export function writtenBytes(folder: string): number | undefined {
  if (platform() !== 'linux') return undefined;
  try {
    const { dev } = statSync(folder);
    const major = (dev >>> 8) & 0xfff;
    const minor = (dev & 0xff) | ((dev >>> 12) & 0xf_ff00);
    const stat = readFileSync(`/sys/dev/block/${major}:${minor}/stat`, 'utf8');
    return Number(stat.trim().split(/\s+/)[SECTORS_WRITTEN]) * SECTOR_BYTES;
  } catch {
    return handedOverBytes();
  }
}

function handedOverBytes(): number | undefined {
  try {
    const line = /^write_bytes: (\d+)$/m.exec(readFileSync('/proc/self/io', 'utf8'));
    return line ? Number(line[1]) : undefined;
  } catch {
    return undefined;
  }
}

export interface MachineFacts {
  readonly processor: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly system: string;
  readonly node: string;
}

export function machineFacts(): MachineFacts {
  const [first] = cpus();
  return {
    processor: first?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    system: `${platform()} ${release()} ${arch()}`,
    node: process.version,
  };
}
