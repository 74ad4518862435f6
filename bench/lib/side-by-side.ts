// Figures of several peers side by side: one line for each workload and load, one column for each peer.
import { FOREIGN_MAX } from './measure.ts';
import type { Row } from './measure.ts';
import { median, spread } from './statistics.ts';
import { figure } from './table.ts';

/** Why a peer has no figure. */
export interface PeerGap {
  readonly peer: string;
  readonly workload: string;
  readonly kind: string;
}

export interface SideBySide {
  readonly heads: readonly string[];
  readonly lines: readonly (readonly string[])[];
}

/** What the star means. */
export const DISTURBED_NOTE = `* other programs used more than ${FOREIGN_MAX * 100} % of the machine meanwhile`;

const HEADS = ['', 'what', 'in flight', 'unit'];
/** Columns of text; the others are figures. */
export const SIDE_BY_SIDE_TEXT = [0, 1, 3];

export function sideBySide(
  peers: readonly string[],
  rows: readonly Row[],
  gaps: readonly PeerGap[],
): SideBySide {
  const lines = new Map<string, Row>();
  for (const row of rows) if (!lines.has(keyOf(row))) lines.set(keyOf(row), row);
  const sorted = [...lines.values()].sort(
    (a, b) => a.workload.localeCompare(b.workload) || (a.inFlight ?? 0) - (b.inFlight ?? 0),
  );
  return {
    heads: [...HEADS, ...peers],
    lines: sorted.map((line) => [
      line.workload,
      line.what,
      line.inFlight?.toLocaleString('en-US') ?? '',
      line.unit,
      ...peers.map((peer) => {
        const row = rows.find((row) => row.peer === peer && keyOf(row) === keyOf(line));
        if (row) return cellOf(row);
        return gaps.find((gap) => gap.peer === peer && gap.workload === line.workload)?.kind ?? '–';
      }),
    ]),
  };
}

/** A disturbed figure has a star: it says less than the ones beside it. */
function cellOf({ values, foreign = 0 }: Row): string {
  const range = values.length > 1 ? ` ±${(spread(values) * 100).toFixed(0)} %` : '';
  return `${figure(median(values))}${range}${foreign > FOREIGN_MAX ? '*' : ''}`;
}

const keyOf = ({ workload, what, inFlight }: Row): string => `${workload}|${what}|${inFlight ?? ''}`;

export function renderSideBySide({ heads, lines }: SideBySide): string {
  const all = [heads, ...lines];
  const widths = heads.map((_, column) => Math.max(...all.map((cells) => (cells[column] ?? '').length)));
  return all
    .map((cells) =>
      cells
        .map((cell, column) =>
          SIDE_BY_SIDE_TEXT.includes(column)
            ? cell.padEnd(widths[column] ?? 0)
            : cell.padStart(widths[column] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
