// A guard against slow changes, for machines of any speed: what the engine does is told as a multiple of what the same machine does in
// the same minute (a loop of plain JavaScript; the engine's own memory store), and compared with the multiples in guard.json. It reports and
// never fails: `npm run bench:guard`; `-- --record` writes guard.json anew, on a quiet machine.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { createBench } from './lib/bench.ts';
import { calibrate } from './lib/calibration.ts';
import { executeRows } from './lib/execute.ts';
import { median } from './lib/statistics.ts';
import type { EngineChoice } from './lib/workload.ts';

interface Baseline {
  /** Median multiple, by its name. */
  readonly multiples: Readonly<Record<string, number>>;
  readonly recordedAt: string;
  readonly machine: string;
}

const FILE = fileURLToPath(new URL('./guard.json', import.meta.url));
const DATA = fileURLToPath(new URL('./.data', import.meta.url));
/** The first is thrown away: its code is not compiled yet. */
const ROUNDS = 5;
const IN_FLIGHT = 100;
/** The multiples themselves vary by so much from machine to machine: only more is worth a look. */
const WORTH_A_LOOK = 0.3;

const values: Record<string, number[]> = {};
const add = (name: string, value: number): void => void (values[name] ??= []).push(value);
for (let round = 0; round < ROUNDS; round += 1) {
  const before = calibrate();
  const memory = await oneActivity({ store: 'memory', threads: 0 });
  const disk = await oneActivity({ store: 'lmdb' });
  const loop = (before + calibrate()) / 2;
  if (round === 0) continue;
  add('one-activity workflows in memory, per thousand rounds of the loop', (memory / loop) * 1_000);
  add('one-activity workflows on disk, as a share of those in memory', disk / memory);
}
const multiples = Object.fromEntries(Object.entries(values).map(([name, all]) => [name, median(all)]));
if (process.argv.includes('--record')) {
  const baseline: Baseline = {
    multiples,
    recordedAt: new Date().toISOString().slice(0, 10),
    machine: `Node ${process.version}, ${process.arch}`,
  };
  writeFileSync(FILE, `${JSON.stringify(baseline, null, 2)}\n`);
}
report(JSON.parse(readFileSync(FILE, 'utf8')) as Baseline);

async function oneActivity(engine: EngineChoice): Promise<number> {
  const data = path.join(DATA, `run-${process.pid}`);
  const bench = createBench({ isQuick: true, repetitions: 1, engine, data, progress: () => undefined });
  try {
    const [row] = await executeRows(
      bench,
      { workload: 'W2', what: 'one activity', unit: 'workflows/s' },
      [IN_FLIGHT],
      { workflow: 'sequence', args: [1], expected: 1 },
    );
    return median(row?.values ?? []);
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
}

function report({ multiples: expected, recordedAt, machine }: Baseline): void {
  console.log(`speed guard (multiples recorded ${recordedAt}, ${machine})`);
  for (const [name, value] of Object.entries(multiples)) {
    const was = expected[name];
    const all = (values[name] ?? []).map((one) => one.toFixed(3)).join(' ');
    const change = was === undefined ? Number.NaN : value / was - 1;
    const verdict = change < -WORTH_A_LOOK ? 'SLOWER THAN RECORDED: worth a look' : 'as recorded, or better';
    console.log(
      `  ${name}: ${value.toFixed(3)} (${all}), recorded ${was?.toFixed(3) ?? 'never'}: ${verdict}`,
    );
  }
}
