// Rows as a table for the terminal.
import type { Row } from './measure.ts';
import { median, spread } from './statistics.ts';

const HEADS = ['', 'what', 'in flight', 'median', '±', 'unit', 'p50 ms', 'p99 ms', 'cores', 'others', 'note'];
/** Columns of text; the others are figures and stand to the right. */
const TEXT_COLUMNS = [0, 1, 5, 10];

export function renderTable(rows: readonly Row[]): string {
  const lines = [HEADS, ...rows.map(cellsOf)];
  const widths = HEADS.map((_, column) => Math.max(...lines.map((cells) => (cells[column] ?? '').length)));
  return lines
    .map((cells) =>
      cells
        .map((cell, column) => {
          const width = widths[column] ?? 0;
          return TEXT_COLUMNS.includes(column) ? cell.padEnd(width) : cell.padStart(width);
        })
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function cellsOf(row: Row): string[] {
  const { latencyMs, cores, foreign } = row;
  return [
    row.workload,
    row.what,
    row.inFlight?.toLocaleString('en-US') ?? '',
    figure(median(row.values)),
    row.values.length > 1 ? `${(spread(row.values) * 100).toFixed(0)} %` : '',
    row.unit,
    latencyMs ? figure(latencyMs.p50) : '',
    latencyMs ? figure(latencyMs.p99) : '',
    cores === undefined ? '' : cores.toFixed(2),
    foreign === undefined || foreign < 0.005 ? '' : `${(foreign * 100).toFixed(0)} %`,
    row.note ?? '',
  ];
}

/** Three digits that mean something. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  if (size >= 1_000) return Math.round(value).toLocaleString('en-US');
  return value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3);
}
