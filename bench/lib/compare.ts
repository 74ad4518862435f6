// Two builds in one run: this one, and that of a commit. They take turns, round by round, so that whatever else the machine does
// meets both; what counts is the ratio within a round. Both run this bench's code: only the engine differs.
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Row } from './measure.ts';
import type { Report } from './report.ts';
import { median } from './statistics.ts';
import { figure } from './table.ts';

export interface CompareOptions {
  /** Any name of a commit. */
  readonly ref: string;
  readonly rounds: number;
  /** Passed on to both. */
  readonly benchArgs: readonly string[];
  /** For the other build and the reports. */
  readonly data: string;
  readonly progress: (text: string) => void;
}

/** One row of both builds. */
export interface Compared {
  readonly row: Row;
  /** Of each round: this build's figure, as a multiple of the other's. */
  readonly ratios: readonly number[];
  /** 'noise': the rounds do not agree about who is better, or by too little to matter. */
  readonly verdict: 'better' | 'worse' | 'noise';
}

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** Less than this nobody notices, whatever the rounds say. */
const DIFFERENCE_MIN = 0.03;
const NOT_CODE: readonly string[] = ['.data', 'node_modules'];

export async function compareBuilds(options: CompareOptions): Promise<readonly Compared[]> {
  const { ref, rounds, data, progress } = options;
  const other = path.join(data, 'other');
  progress(`building ${ref}`);
  try {
    buildOther(ref, other);
    const reports: { readonly here: Report; readonly there: Report }[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const run = async (root: string, name: string): Promise<Report> => {
        progress(`round ${round + 1} of ${rounds}: ${name}`);
        return measure(root, options, path.join(data, `${name}-${round}.json`));
      };
      // Who goes first changes: neither always meets the warmer machine.
      const isHereFirst = round % 2 === 0;
      const early = isHereFirst ? await run(ROOT, 'this') : await run(other, 'other');
      const late = isHereFirst ? await run(other, 'other') : await run(ROOT, 'this');
      reports.push(isHereFirst ? { here: early, there: late } : { here: late, there: early });
    }
    return compared(reports);
  } finally {
    git(['worktree', 'remove', '--force', other]);
    rmSync(data, { recursive: true, force: true });
  }
}

export function renderComparison(ref: string, rows: readonly Compared[]): string {
  const lines = rows.map(({ row, ratios, verdict }) => {
    const inFlight = row.inFlight === undefined ? '' : `, ${row.inFlight.toLocaleString('en-US')} in flight`;
    const all = ratios.map((ratio) => ratio.toFixed(2)).join(' ');
    const name = `${row.workload.padEnd(8)} ${row.what}${inFlight}`;
    const now = `${figure(median(row.values))} ${row.unit}`;
    return `${name.padEnd(64)} ${now.padStart(22)}   × ${median(ratios).toFixed(2)}  (${all})  ${verdict}`;
  });
  return [`this build as a multiple of ${ref}, round by round`, '', ...lines].join('\n');
}

function buildOther(ref: string, folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(path.dirname(folder), { recursive: true });
  const added = git(['worktree', 'add', '--force', '--detach', folder, ref]);
  if (added !== 0) throw new Error(`--compare: git knows no commit '${ref}'`);
  symlinkSync(path.join(ROOT, 'node_modules'), path.join(folder, 'node_modules'));
  rmSync(path.join(folder, 'bench'), { recursive: true, force: true });
  const isCode = (file: string): boolean => !NOT_CODE.includes(path.basename(file));
  const bench = path.join(ROOT, 'bench');
  for (const name of readdirSync(bench).filter(isCode)) {
    cpSync(path.join(bench, name), path.join(folder, 'bench', name), { recursive: true, filter: isCode });
  }
  const { status } = spawnSync(process.execPath, ['scripts/build.mjs'], { cwd: folder, stdio: 'inherit' });
  if (status !== 0) throw new Error(`--compare: the build of ${ref} failed`);
}

const git = (args: readonly string[]): number | null =>
  spawnSync('git', [...args], { cwd: ROOT, stdio: 'ignore' }).status;

/** A process of its own: neither build sees what the other has left in memory. */
async function measure(root: string, { benchArgs, data }: CompareOptions, file: string): Promise<Report> {
  const args = [
    ...['--enable-source-maps', '--import', './scripts/ts.mjs', 'bench/main.ts'],
    ...benchArgs,
    ...['--repetitions', '1', '--json', file, '--data', path.join(data, 'stores')],
  ];
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'ignore', 'pipe'] });
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  if (code !== 0) throw new Error(`a bench of ${root} failed:\n${errors}`);
  return JSON.parse(readFileSync(file, 'utf8')) as Report;
}

function compared(rounds: readonly { readonly here: Report; readonly there: Report }[]): Compared[] {
  const rows = rounds[0]?.here.rows ?? [];
  return rows.map((row) => {
    const pairs = rounds.map(({ here, there }) => ({
      here: figureOf(row, here),
      there: figureOf(row, there),
    }));
    const ratios = pairs.map(({ here, there }) => here / there);
    return {
      row: { ...row, values: pairs.map(({ here }) => here) },
      ratios,
      verdict: verdictOf(row, ratios),
    };
  });
}

/** NaN: that build has no such row. */
function figureOf({ workload, what, inFlight }: Row, { rows }: Report): number {
  const row = rows.find((one) => one.workload === workload && one.what === what && one.inFlight === inFlight);
  return median(row?.values ?? []);
}

/** All rounds on one side of the other build: by chance once in 2^(rounds - 1). */
function verdictOf({ better }: Row, ratios: readonly number[]): Compared['verdict'] {
  const middle = median(ratios);
  const isHigher = ratios.every((ratio) => ratio > 1) && middle > 1 + DIFFERENCE_MIN;
  const isLower = ratios.every((ratio) => ratio < 1) && middle < 1 - DIFFERENCE_MIN;
  if (!isHigher && !isLower) return 'noise';
  return isHigher === (better === 'higher') ? 'better' : 'worse';
}
