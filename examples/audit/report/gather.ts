// Puts together what the audit left in its folder: the book of results, the hashes, the ledger. Reads only, so it can be
// done again.
import type { BookLine } from '../lib/book.ts';
import { bookFile, hashesFile, ledgerFile, planFile } from '../lib/data-folder.ts';
import { readLines } from '../lib/ledger.ts';
import type { AuditState } from '../lib/state.ts';
import type { Execution } from '../activities/step.ts';
import type { HashedFile } from '../activities/index.ts';
import type { LicenceKind, PackageRef, PackageResult, Trouble } from '../model.ts';
import type { HistoryCheck } from './check-histories.ts';
import type { Checks, Summary } from './summary.ts';

/** All that the report shows. */
export interface Findings {
  readonly summary: Summary;
  readonly startedAt: number;
  /** Largest first. */
  readonly packages: readonly PackageResult[];
  /** Most common first. */
  readonly licences: readonly {
    readonly id: string;
    readonly kind: LicenceKind;
    readonly packages: number;
  }[];
  /** Most bytes in copies first. */
  readonly duplicates: readonly DuplicateGroup[];
  readonly troubles: readonly (Trouble & { readonly pkg: string })[];
  readonly steps: readonly StepExecutions[];
}

/** Files of the same content in several packages. */
export interface DuplicateGroup {
  readonly bytes: number;
  readonly copies: number;
  readonly packages: readonly string[];
  /** One of their paths. */
  readonly example: string;
  readonly wastedBytes: number;
}

/** How often the steps of one activity were executed. */
export interface StepExecutions {
  readonly step: string;
  readonly steps: number;
  readonly executions: number;
  readonly repeated: number;
  readonly cutOff: number;
  readonly mostAttempts: number;
}

export function gather(from: {
  readonly data: string;
  readonly report: string;
  readonly state: AuditState;
  readonly histories: HistoryCheck;
}): Findings {
  const { data, report, state, histories } = from;
  const { id, folder } = state.audit;
  const plan = readLines<PackageRef>(planFile(data, id));
  const book = readLines<BookLine>(bookFile(data, id));
  const ledger = readLines<Execution>(ledgerFile(data, id));
  const results = book.map(({ result }) => result);
  const packages = [...results].sort((a, b) => b.rawBytes - a.rawBytes || a.pkg.index - b.pkg.index);
  const duplicates = duplicatesIn(results, (index) => readLines<HashedFile>(hashesFile(data, id, index)));
  const troubles = results.flatMap(({ pkg, troubles }) =>
    troubles.listed.map((line) => ({ pkg: pkg.path, ...line })),
  );
  if (plan.length === 0) troubles.push({ pkg: '.', path: '.', what: 'is empty: there is nothing to audit' });
  const steps = executionsIn(ledger);
  const sumOf = (value: (result: PackageResult) => number): number =>
    results.reduce((sum, r) => sum + value(r), 0);
  return {
    startedAt: state.startedAt,
    packages,
    licences: licencesIn(results),
    duplicates,
    troubles,
    steps,
    summary: {
      folder,
      report,
      packages: plan.length,
      recorded: new Set(results.map(({ pkg }) => pkg.index)).size,
      failed: results.filter(({ failure }) => failure !== undefined).length,
      files: sumOf(({ files }) => files),
      rawBytes: sumOf(({ rawBytes }) => rawBytes),
      compressedBytes: sumOf(({ compressedBytes }) => compressedBytes),
      tookMs: Math.max(0, ...ledger.map(({ at }) => at - state.startedAt)),
      licences: kindsIn(results),
      reviews: {
        approved: results.filter(({ review }) => review === 'approved').length,
        unanswered: results.filter(({ review }) => review === 'nobody answered').length,
      },
      duplicates: {
        groups: duplicates.length,
        files: duplicates.reduce((sum, { copies }) => sum + copies, 0),
        wastedBytes: duplicates.reduce((sum, { wastedBytes }) => sum + wastedBytes, 0),
      },
      troubles: sumOf(({ troubles }) => troubles.total) + (plan.length === 0 ? 1 : 0),
      ledger: {
        workers: new Set(ledger.map(({ pid }) => pid)).size,
        steps: sum(steps, 'steps'),
        executions: sum(steps, 'executions'),
        repeated: sum(steps, 'repeated'),
        cutOff: sum(steps, 'cutOff'),
      },
      checks: check(plan, book, histories),
    },
  };
}

function check(plan: readonly PackageRef[], book: readonly BookLine[], histories: HistoryCheck): Checks {
  const packages = new Set(book.map(({ result }) => result.pkg.index));
  const keys = new Set(book.map(({ key }) => key));
  return {
    missing: plan.filter(({ index }) => !packages.has(index)).length,
    recordedTwice: Math.max(book.length - packages.size, book.length - keys.size),
    ...histories,
  };
}

function duplicatesIn(
  results: readonly PackageResult[],
  filesOf: (index: number) => HashedFile[],
): DuplicateGroup[] {
  const groups = new Map<string, { bytes: number; copies: number; packages: Set<string>; example: string }>();
  for (const { pkg } of results) {
    for (const { path, bytes, hash } of filesOf(pkg.index)) {
      if (bytes === 0) continue;
      const group = groups.get(hash);
      if (!group) groups.set(hash, { bytes, copies: 1, packages: new Set([pkg.path]), example: path });
      else {
        group.copies += 1;
        group.packages.add(pkg.path);
      }
    }
  }
  return [...groups.values()]
    .filter(({ packages }) => packages.size > 1)
    .map((group) => ({
      ...group,
      packages: [...group.packages],
      wastedBytes: group.bytes * (group.copies - 1),
    }))
    .sort((a, b) => b.wastedBytes - a.wastedBytes);
}

function executionsIn(ledger: readonly Execution[]): StepExecutions[] {
  const byStep = new Map<string, Map<string, { begun: number; ended: number }>>();
  for (const { step, key, event } of ledger) {
    const keys = byStep.get(step) ?? new Map<string, { begun: number; ended: number }>();
    byStep.set(step, keys);
    const { begun, ended } = keys.get(key) ?? { begun: 0, ended: 0 };
    keys.set(key, event === 'begin' ? { begun: begun + 1, ended } : { begun, ended: ended + 1 });
  }
  return [...byStep].map(([step, keys]) => {
    const counts = [...keys.values()];
    const executions = counts.reduce((sum, { begun }) => sum + begun, 0);
    return {
      step,
      steps: counts.length,
      executions,
      repeated: executions - counts.length,
      // The line of the very last execution may be late: what was cut off was executed again.
      cutOff: counts.reduce(
        (sum, { begun, ended }) => sum + Math.min(begun - 1, Math.max(0, begun - ended)),
        0,
      ),
      mostAttempts: Math.max(0, ...counts.map(({ begun }) => begun)),
    };
  });
}

function licencesIn(results: readonly PackageResult[]): Findings['licences'] {
  const found = new Map<string, { id: string; kind: LicenceKind; packages: number }>();
  for (const { licence } of results) {
    const packages = (found.get(licence.id)?.packages ?? 0) + 1;
    found.set(licence.id, { id: licence.id, kind: licence.kind, packages });
  }
  return [...found.values()].sort((a, b) => b.packages - a.packages);
}

function kindsIn(results: readonly PackageResult[]): Summary['licences'] {
  const found = new Map<LicenceKind, number>();
  for (const { licence } of results) found.set(licence.kind, (found.get(licence.kind) ?? 0) + 1);
  return [...found].map(([kind, packages]) => ({ kind, packages })).sort((a, b) => b.packages - a.packages);
}

const sum = (
  steps: readonly StepExecutions[],
  field: 'steps' | 'executions' | 'repeated' | 'cutOff',
): number => steps.reduce((total, step) => total + step[field], 0);
