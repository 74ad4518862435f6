// `troupe ls`: workflows of a namespace, a line each.
import { compact } from '../common/compact';
import type { RunSummary, VisibilityFilter } from '../model/gateway';
import { namespace } from '../model/ids';
import type { EpochMs } from '../model/time';
import type { OfflineStore } from '../troupe/offline-store';
import type { ListCommand } from './arguments';
import type { Output } from './output';

export function ls(store: OfflineStore, command: ListCommand, { print, complain }: Output): number {
  const name = namespace(command.namespace);
  if (!store.namespaces.includes(name)) {
    complain(
      `There is no namespace '${name}' in this store: ${store.namespaces.join(', ') || 'it is empty'}`,
    );
    return 1;
  }
  const filter = compact<VisibilityFilter>({
    workflowType: command.type,
    statuses: command.status && [command.status],
  });
  const runs: RunSummary[] = [];
  let isMore = false;
  for (const run of store.runs(name, filter)) {
    isMore = runs.length === command.limit;
    if (isMore) break;
    runs.push(run);
  }
  if (command.json) for (const run of runs) print(JSON.stringify(jsonOf(run)));
  else for (const line of table(runs.map(rowOf))) print(line);
  if (isMore) complain(`There are more: --limit ${command.limit * 10}`);
  return 0;
}

/** One line of `--json`. */
interface RunJson {
  readonly workflowId: string;
  readonly runId: string;
  readonly type: string;
  readonly taskQueue: string;
  readonly status: string;
  readonly startTime: string;
  readonly closeTime?: string;
  readonly historyLength: number;
  readonly historySizeBytes: number;
  readonly parentWorkflowId?: string;
}

const jsonOf = (run: RunSummary): RunJson =>
  compact<RunJson>({
    workflowId: run.execution.workflowId,
    runId: run.execution.runId,
    type: run.workflowType,
    taskQueue: run.taskQueue,
    status: run.status,
    startTime: timeOf(run.startTime),
    closeTime: run.closeTime === undefined ? undefined : timeOf(run.closeTime),
    historyLength: run.historyLength,
    historySizeBytes: run.historySizeBytes,
    parentWorkflowId: run.parent?.execution.workflowId,
  });

const HEADINGS = ['STATUS', 'WORKFLOW ID', 'TYPE', 'STARTED', 'CLOSED', 'EVENTS', 'RUN ID'];

const rowOf = (run: RunSummary): readonly string[] => [
  run.status,
  run.execution.workflowId,
  run.workflowType,
  timeOf(run.startTime),
  run.closeTime === undefined ? '' : timeOf(run.closeTime),
  String(run.historyLength),
  run.execution.runId,
];

const timeOf = (at: EpochMs): string => new Date(at).toISOString();

function table(rows: readonly (readonly string[])[]): readonly string[] {
  const all = [HEADINGS, ...rows];
  const widths = HEADINGS.map((_heading, column) =>
    Math.max(...all.map((row) => (row[column] ?? '').length)),
  );
  return all.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
