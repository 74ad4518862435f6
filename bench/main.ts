// `npm run bench -- [options]`: runs the workloads and prints one table. `--help` tells the options.
import { existsSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createBench } from './lib/bench.ts';
import { compareBuilds, renderComparison } from './lib/compare.ts';
import { writeHtml } from './lib/html.ts';
import { machineFacts } from './lib/machine.ts';
import type { Row } from './lib/measure.ts';
import { renderReport, troupeVersion, writeJson } from './lib/report.ts';
import type { Report } from './lib/report.ts';
import type { EngineChoice } from './lib/workload.ts';
import { WORKLOADS } from './workloads/index.ts';

const HELP = `usage: npm run bench -- [options]

  --quick            a first impression in less than a minute
  --only <ids>       some workloads, such as W2,W6q
  --json <file>      the report for machines
  --html <file>      the report with charts
  --repetitions <n>  of each figure (default: 3, quick: 2)
  --size <n>         of the workloads that can be of any size: growth, scale, timers, long-history, parallel, hot, W8, soak
  --keep             leaves the store of scale in the data folder, and uses it again if it is there
  --store <kind>     lmdb (default) or memory
  --threads <n>      threads for workflow code (default: the engine's)
  --compare <commit> this build and that of a commit, in turns; with --rounds <n> (default: 5)
  --data <folder>    on the disk that is measured (default: bench/.data)

${WORKLOADS.map(({ id, title }) => `  ${id.padEnd(5)} ${title}`).join('\n')}
`;

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    json: { type: 'string' },
    html: { type: 'string' },
    repetitions: { type: 'string' },
    size: { type: 'string' },
    keep: { type: 'boolean', default: false },
    store: { type: 'string', default: 'lmdb' },
    threads: { type: 'string' },
    compare: { type: 'string' },
    rounds: { type: 'string' },
    data: { type: 'string', default: fileURLToPath(new URL('./.data', import.meta.url)) },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

if (values.help) process.stdout.write(HELP);
else if (values.compare === undefined) await run();
else await compare(values.compare);

async function run(): Promise<void> {
  const chosen = chosenWorkloads(values.only);
  const repetitions = wholeNumber('repetitions', values.repetitions) ?? (values.quick ? 2 : 3);
  const engine = engineChoice();
  const data = path.join(values.data, `run-${process.pid}`);
  removeLeftOvers(values.data);
  const chosenSize = wholeNumber('size', values.size);
  const kept = values.keep ? values.data : undefined;
  const bench = createBench({
    isQuick: values.quick,
    repetitions,
    chosenSize,
    engine,
    data,
    kept,
    progress,
  });
  const rows: Row[] = [];
  try {
    for (const workload of chosen) rows.push(...(await workload.run(bench)));
  } finally {
    progress('');
    rmSync(data, { recursive: true, force: true });
  }
  const report: Report = {
    version: 1,
    troupe: troupeVersion(),
    at: new Date().toISOString(),
    mode: values.quick ? 'quick' : 'full',
    repetitions,
    engine,
    machine: machineFacts(),
    rows,
  };
  console.log(renderReport(report));
  if (values.json !== undefined) writeJson(fromCaller(values.json), report);
  if (values.html !== undefined) writeHtml(fromCaller(values.html), report);
}

async function compare(ref: string): Promise<void> {
  chosenWorkloads(values.only);
  const { store, threads } = engineChoice();
  const rows = await compareBuilds({
    ref,
    rounds: wholeNumber('rounds', values.rounds) ?? 5,
    benchArgs: [
      ...(values.quick ? ['--quick'] : []),
      ...(values.only === undefined ? [] : ['--only', values.only]),
      ...['--store', store],
      ...(threads === undefined ? [] : ['--threads', String(threads)]),
    ],
    data: path.join(values.data, `compare-${process.pid}`),
    progress,
  });
  console.log(renderComparison(ref, rows));
}

/** Stores of runs that were killed. */
function removeLeftOvers(folder: string): void {
  for (const name of existsSync(folder) ? readdirSync(folder) : []) {
    const [, pid] = /^(?:run|compare)-(\d+)$/.exec(name) ?? [];
    if (pid !== undefined && !isAlive(Number(pid))) rmSync(path.join(folder, name), { recursive: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** npm runs scripts in the package's folder, and tells in which folder it was called itself. */
function fromCaller(file: string): string {
  return path.resolve(process.env['INIT_CWD'] ?? process.cwd(), file);
}

function chosenWorkloads(only: string | undefined): typeof WORKLOADS {
  if (only === undefined) return WORKLOADS.filter(({ isLong }) => !values.quick || isLong !== true);
  const ids = only.split(',').map((id) => id.trim().toLowerCase());
  const unknown = ids.filter((id) => !WORKLOADS.some((workload) => workload.id.toLowerCase() === id));
  if (unknown.length > 0) throw new Error(`no such workload: ${unknown.join(', ')}`);
  return WORKLOADS.filter(({ id }) => ids.includes(id.toLowerCase()));
}

function engineChoice(): EngineChoice {
  const { store } = values;
  if (store !== 'lmdb' && store !== 'memory') throw new Error(`--store is lmdb or memory, not '${store}'`);
  const threads = wholeNumber('threads', values.threads);
  return { store, ...(threads !== undefined && { threads }) };
}

function wholeNumber(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new Error(`--${name} is a whole number, not '${text}'`);
  return value;
}

/** One line that is replaced in a terminal; a line each elsewhere. */
function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[2K${text}`);
  else if (text !== '') process.stderr.write(`${text}\n`);
}
