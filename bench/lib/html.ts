// A report as one HTML file that needs nothing else: charts of load against throughput and latency, and all rows.
import { writeFileSync } from 'node:fs';
import { renderChart } from './chart.ts';
import type { Series } from './chart.ts';
import type { Row } from './measure.ts';
import type { Report } from './report.ts';
import { SIDE_BY_SIDE_TEXT } from './side-by-side.ts';
import type { SideBySide } from './side-by-side.ts';
import { median, spread } from './statistics.ts';
import { figure } from './table.ts';

const STYLE = `
:root { color-scheme: light dark; --page: #f6f7f9; --card: #fff; --ink: #1b1f27; --soft: #667085; --line: #e4e7ec; }
@media (prefers-color-scheme: dark) { :root { --page: #101319; --card: #181c25; --ink: #e8eaf0; --soft: #98a2b3; --line: #2a303c; } }
body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.5 ui-sans-serif, system-ui, sans-serif; }
main { max-width: 1180px; margin: 0 auto; padding: 36px 24px 64px; }
h1 { font-size: 26px; margin: 0; } h2 { font-size: 16px; margin: 20px 0 0; } .rows + .rows { margin-top: 16px; } p, small { color: var(--soft); }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(420px, 1fr)); gap: 16px; margin: 20px 0; }
figure, .rows { margin: 0; background: var(--card); border: 1px solid var(--line); border-radius: 14px; padding: 16px 18px; overflow: auto; }
figcaption { font-weight: 600; margin-bottom: 6px; }
svg { width: 100%; height: auto; } svg text { fill: var(--soft); font-size: 11px; } .grid { stroke: var(--line); }
ul { display: flex; flex-wrap: wrap; gap: 4px 16px; margin: 6px 0 0; padding: 0; list-style: none; font-size: 13px; color: var(--soft); }
i { display: inline-block; width: 10px; height: 10px; border-radius: 3px; margin-right: 6px; }
table { border-collapse: collapse; width: 100%; font-size: 14px; }
th { text-align: left; color: var(--soft); font-weight: 500; font-size: 12px; }
th, td { border-bottom: 1px solid var(--line); padding: 6px 14px 6px 0; white-space: nowrap; }
.n { text-align: right; font-variant-numeric: tabular-nums; }
`;

const HEADS = ['', 'what', '#in flight', '#median', '#±', 'unit', '#p50 ms', '#p99 ms', '#cores', 'note'];

export function writeHtml(file: string, report: Report): void {
  writeFileSync(file, renderHtml(report));
}

function renderHtml({ rows, machine, troupe, engine, mode, at, repetitions }: Report): string {
  const charts = [
    {
      title: 'Throughput',
      yName: 'completed per second',
      series: seriesOf(rows, (row) => median(row.values)),
    },
    { title: 'Latency', yName: 'median, ms', series: seriesOf(rows, (row) => row.latencyMs?.p50) },
    {
      title: 'Tail latency',
      yName: '99th percentile, ms',
      series: seriesOf(rows, (row) => row.latencyMs?.p99),
    },
  ].map((chart) => renderChart({ ...chart, xName: 'in flight' }));
  return pageOf({
    title: `Troupe ${troupe}: bench`,
    intro: [
      `${machine.processor}, ${machine.cores} cores, ${machine.memoryGb} GB · ${machine.system} · Node ${machine.node} · ${engine.store} store · ${mode}, ${repetitions} repetitions · ${at}`,
      'Every answer was given after its commit was durable.',
    ],
    parts: [`<div class="charts">${charts.join('')}</div>`, tableOf(rows)],
  });
}

export interface Page {
  readonly title: string;
  readonly intro: readonly string[];
  /** HTML. */
  readonly parts: readonly string[];
  readonly notes?: readonly { readonly title: string; readonly lines: readonly string[] }[];
}

export function pageOf({ title, intro, parts, notes = [] }: Page): string {
  const told = notes.map(
    (note) => `<h2>${escape(note.title)}</h2><p>${note.lines.map(escape).join('<br>')}</p>`,
  );
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)}</title><style>${STYLE}</style></head><body><main>
<h1>${escape(title)}</h1>
<p>${intro.map(escape).join('<br>')}</p>
${parts.join('\n')}
${told.join('\n')}
</main></body></html>
`;
}

export const tableOf = (rows: readonly Row[]): string =>
  htmlTable(
    HEADS.map((name) => [name.replace('#', ''), name.startsWith('#')]),
    rows.map(cellsOf),
  );

/** Peers side by side. */
export function sideBySideTable({ heads, lines }: SideBySide): string {
  const placed = (cells: readonly string[]): Cell[] =>
    cells.map((text, column) => [text, !SIDE_BY_SIDE_TEXT.includes(column)]);
  return htmlTable(placed(heads), lines.map(placed));
}

/** Its text, and whether it stands to the right. */
type Cell = readonly [string, boolean];

function htmlTable(heads: readonly Cell[], lines: readonly (readonly Cell[])[]): string {
  const cell = (name: 'th' | 'td', [text, right]: Cell): string =>
    `<${name}${right ? ' class="n"' : ''}>${escape(text)}</${name}>`;
  const body = lines.map((cells) => `<tr>${cells.map((one) => cell('td', one)).join('')}</tr>`);
  return `<div class="rows"><table><thead><tr>${heads.map((one) => cell('th', one)).join('')}</tr></thead><tbody>${body.join('')}</tbody></table></div>`;
}

/** Workloads that were measured at several loads. */
function seriesOf(rows: readonly Row[], valueOf: (row: Row) => number | undefined): Series[] {
  const byWhat = new Map<string, { x: number; y: number }[]>();
  for (const row of rows) {
    const y = valueOf(row);
    if (row.inFlight === undefined || y === undefined) continue;
    const points = byWhat.get(row.what) ?? [];
    points.push({ x: row.inFlight, y });
    byWhat.set(row.what, points);
  }
  return [...byWhat].filter(([, points]) => points.length > 2).map(([name, points]) => ({ name, points }));
}

function cellsOf(row: Row): Cell[] {
  return [
    [row.peer === undefined ? row.workload : `${row.peer} ${row.workload}`, false],
    [row.what, false],
    [row.inFlight?.toLocaleString('en-US') ?? '', true],
    [figure(median(row.values)), true],
    [row.values.length > 1 ? `${(spread(row.values) * 100).toFixed(0)} %` : '', true],
    [row.unit, false],
    [row.latencyMs ? figure(row.latencyMs.p50) : '', true],
    [row.latencyMs ? figure(row.latencyMs.p99) : '', true],
    [row.cores?.toFixed(2) ?? '', true],
    [row.note ?? '', false],
  ];
}

const escape = (text: string): string => text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
