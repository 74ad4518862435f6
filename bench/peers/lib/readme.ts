// The README's comparison: a chart and a table of one run, written here and nowhere by hand.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { renderBars, type BarGroup } from '../../lib/bar-chart.ts';
import type { Row } from '../../lib/measure.ts';
import { DISTURBED_NOTE, sideBySide } from '../../lib/side-by-side.ts';
import { median } from '../../lib/statistics.ts';
import { figure } from '../../lib/table.ts';
import type { PeerReport } from './report.ts';

const CHART = 'bench/peers/side-by-side.svg';
const BEGINS = '<!-- PEERS: written by `npm run bench:peers -- --readme`. -->';
const ENDS = '<!-- END OF PEERS -->';

/** Rates only: on one chart more is better. */
const CHARTED = ['W2', 'W3', 'W5', 'W6', 'W7'];

/** @throws when the README has no place for it: nothing is written then */
export function writeReadme(root: string, report: PeerReport, command: string): void {
  const file = path.join(root, 'README.md');
  const readme = readFileSync(file, 'utf8');
  const begin = readme.indexOf(BEGINS);
  const end = readme.indexOf(ENDS);
  if (begin < 0 || end < begin) throw new Error(`README.md has no lines '${BEGINS}' and '${ENDS}'`);
  writeFileSync(path.join(root, CHART), renderBars(groupsOf(report)));
  const block = [BEGINS, ...linesOf(report, command), ''].join('\n');
  writeFileSync(file, readme.slice(0, begin) + block + readme.slice(end));
}

function linesOf({ peers, rows, gaps, machine, mode, sizes, at }: PeerReport, command: string): string[] {
  const titles = peers.map(({ title }) => title);
  const { heads, lines } = sideBySide(titles, rows, gaps);
  const { processor, cores, memoryGb, system, node } = machine;
  const { repetitions } = sizes.repeats;
  return [
    `![Troupe and its peers, side by side](${CHART})`,
    '',
    `| ${heads.join(' | ')} |`,
    `|${heads.map(() => '---').join('|')}|`,
    ...lines.map((cells) => `| ${cells.join(' | ')} |`),
    '',
    `\`${command}\` on ${at.slice(0, 10)}: ${processor}, ${cores} cores, ${memoryGb} GB, ${system}, Node ${node}; ${mode}, ${repetitions} repetition${
      repetitions === 1 ? '' : 's'
    } of ${sizes.window.windowMs / 1_000} s, each peer in a process and a fresh store of its own on the same disk, every answer durable${
      lines.some((cells) => cells.some((cell) => cell.endsWith('*'))) ? ` (${DISTURBED_NOTE})` : ''
    }. Versions: ${peers.map(({ title, versions }) => `${title} (${versions ?? 'not started'})`).join('; ')}.`,
    'The settings of each, which are those that favour it, and why: [bench/peers](bench/peers/README.md).',
  ];
}

/** Each workload at the most callers with which it was measured. */
function groupsOf({ peers, rows }: PeerReport): BarGroup[] {
  return CHARTED.flatMap((workload) => {
    const own = rows.filter((row) => row.workload === workload);
    const most = Math.max(...own.map(({ inFlight }) => inFlight ?? 0));
    const loaded = own.filter(({ inFlight }) => (inFlight ?? 0) === most);
    const [first] = loaded;
    if (first === undefined) return [];
    const bars = peers.flatMap(({ title }) => barOf(title, loaded));
    return [{ title: titleOf(first), bars }];
  });
}

function barOf(title: string, rows: readonly Row[]): BarGroup['bars'] {
  const row = rows.find(({ peer }) => peer === title);
  if (row === undefined) return [];
  const value = median(row.values);
  return [{ name: title, value, text: `${figure(value)} ${row.unit}` }];
}

const titleOf = ({ workload, what, inFlight }: Row): string =>
  `${workload} · ${what}${inFlight === undefined ? '' : `, ${inFlight.toLocaleString('en-US')} in flight`}`;
