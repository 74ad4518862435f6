// What the command `troupe` was asked. Checked completely before any folder is touched.
import { parseArgs } from 'node:util';
import type { RunStatus } from '../model/event';

export const USAGE = `Looks into a folder that no process has open.

troupe ls <folder> [--status <status>] [--type <workflow type>] [--namespace <name>] [--limit <number>] [--json]
troupe show <folder> <workflow id> [--run-id <run id>] [--namespace <name>] [--json]
troupe check <folder>

ls     lists workflows, the newest first (100 at most, or --limit); with --json, one JSON object a line
show   prints the history of a workflow; with --json, as Temporal's tools read it
check  verifies every record; prints a line for each damaged run and then ends with 1`;

/** The caller's mistake: the message says which. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export interface ListCommand {
  readonly kind: 'ls';
  readonly folder: string;
  readonly namespace: string;
  readonly limit: number;
  readonly json: boolean;
  readonly status?: RunStatus;
  readonly type?: string;
}
export interface ShowCommand {
  readonly kind: 'show';
  readonly folder: string;
  readonly namespace: string;
  readonly workflowId: string;
  readonly runId?: string;
  readonly json: boolean;
}
export interface CheckCommand {
  readonly kind: 'check';
  readonly folder: string;
}
export type Command = ListCommand | ShowCommand | CheckCommand | { readonly kind: 'help' };

const LIMIT_DEFAULT = 100;
/** As run ids are written. */
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const STATUSES: Readonly<Record<RunStatus, true>> = {
  RUNNING: true,
  COMPLETED: true,
  FAILED: true,
  CANCELED: true,
  TERMINATED: true,
  CONTINUED_AS_NEW: true,
  TIMED_OUT: true,
};

type Values = ReturnType<typeof parse>['values'];
type Option = keyof Values;

/** Options of each command, besides `--help`. */
const OPTIONS: Readonly<Record<Exclude<Command['kind'], 'help'>, readonly Option[]>> = {
  ls: ['status', 'type', 'namespace', 'limit', 'json'],
  show: ['run-id', 'namespace', 'json'],
  check: [],
};

/** @throws {UsageError} */
export function readCommand(args: readonly string[]): Command {
  const { values, positionals } = parse(args);
  if (values.help === true) return { kind: 'help' };
  const [kind, folder, workflowId, ...rest] = positionals;
  if (kind === undefined) throw new UsageError('name a command: ls, show or check');
  if (kind !== 'ls' && kind !== 'show' && kind !== 'check') {
    throw new UsageError(`there is no command '${kind}'`);
  }
  if (folder === undefined) throw new UsageError(`${kind}: name the folder of the store`);
  for (const name of Object.keys(values) as Option[]) {
    if (!OPTIONS[kind].includes(name)) throw new UsageError(`${kind}: there is no option --${name} here`);
  }
  const surplus = kind === 'show' ? rest[0] : workflowId;
  if (surplus !== undefined) throw new UsageError(`${kind}: what is '${surplus}'?`);
  switch (kind) {
    case 'ls':
      return listCommand(folder, values);
    case 'show':
      return showCommand(folder, workflowId, values);
    case 'check':
      return { kind, folder };
  }
}

function listCommand(
  folder: string,
  { namespace = 'default', limit, json = false, status, type }: Values,
): Command {
  return {
    kind: 'ls',
    folder,
    namespace,
    limit: limit === undefined ? LIMIT_DEFAULT : wholeNumber(limit),
    json,
    ...(status !== undefined && { status: statusOf(status) }),
    ...(type !== undefined && { type }),
  };
}

function showCommand(
  folder: string,
  workflowId: string | undefined,
  { namespace = 'default', json = false, 'run-id': runId }: Values,
): Command {
  if (workflowId === undefined) throw new UsageError('show: name the workflow id');
  if (runId !== undefined && !UUID.test(runId)) throw new UsageError(`--run-id: a UUID, not '${runId}'`);
  return { kind: 'show', folder, namespace, workflowId, json, ...(runId !== undefined && { runId }) };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        help: { type: 'boolean', short: 'h' },
        json: { type: 'boolean' },
        limit: { type: 'string' },
        namespace: { type: 'string' },
        'run-id': { type: 'string' },
        status: { type: 'string' },
        type: { type: 'string' },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) {
    throw new UsageError(`--limit: a whole number above 0, not '${text}'`);
  }
  return value;
}

/** In any case; words apart by `-`, `_` or nothing; and the British way. */
function statusOf(text: string): RunStatus {
  const word = lettersOf(text).replace('cancelled', 'canceled');
  const known = Object.keys(STATUSES) as RunStatus[];
  const status = known.find((candidate) => lettersOf(candidate) === word);
  if (status !== undefined) return status;
  const words = known.map((each) => each.toLowerCase().replaceAll('_', '-'));
  throw new UsageError(`--status: one of ${words.join(', ')}, not '${text}'`);
}

const lettersOf = (text: string): string => text.toLowerCase().replaceAll(/[-_ ]/g, '');
