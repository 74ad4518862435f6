// The result of an audit in figures, and the lines that the terminal shows of it.
import type { LicenceKind } from '../model.ts';
import { bytes, count, counted, seconds } from '../lib/format.ts';

export interface Summary {
  readonly folder: string;
  readonly report: string;
  readonly packages: number;
  readonly recorded: number;
  readonly failed: number;
  readonly files: number;
  readonly rawBytes: number;
  readonly compressedBytes: number;
  readonly tookMs: number;
  readonly licences: readonly { readonly kind: LicenceKind; readonly packages: number }[];
  readonly reviews: { readonly approved: number; readonly unanswered: number };
  readonly duplicates: { readonly groups: number; readonly files: number; readonly wastedBytes: number };
  readonly troubles: number;
  readonly ledger: LedgerSums;
  readonly checks: Checks;
}

export interface LedgerSums {
  /** Worker processes that had a part in it. */
  readonly workers: number;
  readonly steps: number;
  readonly executions: number;
  /** Executions of a step beyond its first one. */
  readonly repeated: number;
  /** Executions that began, never ended and were executed again: their process was killed. */
  readonly cutOff: number;
}

export interface Checks {
  /** Packages of the plan without a result. */
  readonly missing: number;
  /** Packages with more than one result in the book, and steps that wrote more than one. */
  readonly recordedTwice: number;
  /** Histories of packages that were read, and activities that are completed more than once in one of them. */
  readonly histories: number;
  readonly completedTwice: number;
}

export const isSound = ({ missing, recordedTwice, completedTwice }: Checks): boolean =>
  missing + recordedTwice + completedTwice === 0;

export function summaryLines(summary: Summary): string[] {
  const { ledger, checks, reviews, duplicates } = summary;
  const licences = summary.licences.map(({ kind, packages }) => `${count(packages)} ${kind}`).join(' · ');
  const reviewed = reviews.approved + reviews.unanswered;
  const rows: [string, string][] = [
    [
      'files',
      `${count(summary.files)} · ${bytes(summary.rawBytes)}, ${bytes(summary.compressedBytes)} compressed`,
    ],
    ['licences', licences || 'none'],
    ...(reviewed > 0
      ? [
          ['reviews', `${reviews.approved} approved · ${reviews.unanswered} without an answer in time`] as [
            string,
            string,
          ],
        ]
      : []),
    [
      'duplicates',
      `${counted(duplicates.groups, 'file')} that several packages hold, ${bytes(duplicates.wastedBytes)} in copies`,
    ],
    ['troubles', summary.troubles === 0 ? 'none' : `${count(summary.troubles)}, listed in the report`],
    [
      'ledger',
      `${count(ledger.steps)} steps · ${count(ledger.executions)} executions · ` +
        `${counted(ledger.repeated, 'attempt')} repeated, ${count(ledger.cutOff)} cut off · ` +
        counted(ledger.workers, 'worker process', 'worker processes'),
    ],
    ['checked', checkLine(summary)],
    ['report', summary.report],
  ];
  const mark = isSound(checks) ? '✓' : '✗';
  const failed = summary.failed === 0 ? '' : ` (${count(summary.failed)} incomplete)`;
  return [
    `${mark} ${count(summary.recorded)} of ${count(summary.packages)} packages finished${failed} in ${seconds(summary.tookMs)}`,
    ...rows.map(([name, text]) => `  ${name.padEnd(11)} ${text}`),
  ];
}

function checkLine({ packages, checks }: Summary): string {
  if (isSound(checks)) {
    return `every result recorded once, none twice (${count(packages)} in the book, ${count(checks.histories)} histories read)`;
  }
  return (
    `WRONG: ${checks.missing} results missing, ${checks.recordedTwice} recorded twice, ` +
    `${checks.completedTwice} activities completed twice`
  );
}
