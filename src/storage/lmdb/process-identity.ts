// Names this process so that another one, on the same machine or not, can tell whether it still runs. Host thread.
import { readFile, readlink } from 'node:fs/promises';
import { hostname } from 'node:os';

/** Where process ids mean the same: one host, one boot of it, one namespace of processes (containers have their own). */
interface Machine {
  readonly host: string;
  /** Absent where the system does not tell. */
  readonly bootId?: string;
  readonly pidNamespace?: string;
}

export interface ProcessIdentity extends Machine {
  readonly pid: number;
  /** In clock ticks since the boot: tells a process from a later one with the same id. */
  readonly startTicks?: string;
}

export async function ownIdentity(): Promise<ProcessIdentity> {
  const [bootId, pidNamespace, state] = await Promise.all([
    orUndefined(readFile('/proc/sys/kernel/random/boot_id', 'utf8')),
    orUndefined(readlink('/proc/self/ns/pid')),
    linuxState(process.pid),
  ]);
  return {
    pid: process.pid,
    host: hostname(),
    ...(bootId !== undefined && { bootId: bootId.trim() }),
    ...(pidNamespace !== undefined && { pidNamespace }),
    ...(state !== undefined && { startTicks: state.startTicks }),
  };
}

/** `unknown`: it belongs to another machine, and only its beats can tell. */
export type Liveness = 'alive' | 'dead' | 'unknown';

export async function livenessOf(other: ProcessIdentity, own: ProcessIdentity): Promise<Liveness> {
  if (!isSameMachine(other, own)) return 'unknown';
  if (!processExists(other.pid)) return 'dead';
  const state = await linuxState(other.pid);
  if (state === undefined) return 'alive';
  if (state.isZombie) return 'dead';
  return other.startTicks === undefined || other.startTicks === state.startTicks ? 'alive' : 'dead';
}

const isSameMachine = (a: Machine, b: Machine): boolean =>
  a.host === b.host && a.bootId === b.bootId && a.pidNamespace === b.pidNamespace;

function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it exists and belongs to another user.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

interface LinuxState {
  readonly isZombie: boolean;
  readonly startTicks: string;
}

/** From `/proc/<pid>/stat`: "pid (name) state … starttime …"; the name may hold blanks and parentheses. */
async function linuxState(pid: number): Promise<LinuxState | undefined> {
  const stat = await orUndefined(readFile(`/proc/${pid}/stat`, 'utf8'));
  if (stat === undefined) return undefined;
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state] = fields;
  // Field 22 of the file; the state is field 3.
  const startTicks = fields[19];
  if (state === undefined || startTicks === undefined) return undefined;
  return { isZombie: state === 'Z' || state === 'X', startTicks };
}

async function orUndefined<T>(value: Promise<T>): Promise<T | undefined> {
  try {
    return await value;
  } catch {
    return undefined;
  }
}
