// Processor time of this process and of all that it started: a peer's server counts as the peer's own.
import { readdirSync, readFileSync } from 'node:fs';
import { platform } from 'node:os';

/** Linux counts in hundredths of a second, whatever its own clock. */
const TICK_MS = 10;

interface Stat {
  readonly pid: number;
  readonly parent: number;
  /** Its own and that of its ended children. */
  readonly ms: number;
}

/** Milliseconds since the start of each. */
export function treeCpuMs(): number {
  const { user, system } = process.cpuUsage();
  const own = (user + system) / 1_000;
  if (platform() !== 'linux') return own;
  const stats = readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? readStat(name) : []));
  const children = new Map<number, Stat[]>();
  for (const stat of stats) children.set(stat.parent, [...(children.get(stat.parent) ?? []), stat]);
  let sum = own;
  const waiting = [process.pid];
  for (let pid = waiting.pop(); pid !== undefined; pid = waiting.pop()) {
    for (const child of children.get(pid) ?? []) {
      sum += child.ms;
      waiting.push(child.pid);
    }
  }
  return sum;
}

function readStat(name: string): Stat[] {
  try {
    const text = readFileSync(`/proc/${name}/stat`, 'utf8');
    // The name of the program, in brackets, may have spaces.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
    return [{ pid: Number(name), parent: Number(fields[1]), ms: ticks * TICK_MS }];
  } catch {
    // It ended meanwhile.
    return [];
  }
}
