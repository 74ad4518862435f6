// The command line of the audit: what may be said, and what is said back when it is wrong.
import { realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import ms from 'ms';

export interface Options {
  /** Absolute and real. Absent: nothing was named; then an unfinished audit goes on, or the default is audited. */
  readonly folder?: string;
  /** Absolute. */
  readonly data: string;
  /** Absolute. */
  readonly report: string;
  readonly crash: boolean;
  readonly approveAll: boolean;
  readonly fresh: boolean;
  readonly window: number;
  readonly licenceWaitMs: number;
}

/** What to tell the caller, and nothing else. */
export class UsageError extends Error {}

export const HELP = `usage: npm start -- [folder] [options]

Audits every package under a folder (default: this repository's node_modules) as durable workflows: sizes, licences,
duplicates. Kill it at any moment and start it again: it goes on where it was.

  --no-crash        do not kill the worker process half-way
  --data <folder>   where the store and the audit's files lie (default: examples/audit/.data)
  --report <file>   where the report goes (default: report.html in the data folder)
  --yes             approve every unknown licence
  --wait <time>     how long an unknown licence waits for a decision (default: 3s)
  --window <count>  packages in work at once (default: 32)
  --fresh           give an unfinished audit up and begin a new one
  --help            this text
`;

export const DEFAULT_FOLDER = fileURLToPath(new URL('../../../node_modules', import.meta.url));
const DEFAULT_DATA = fileURLToPath(new URL('../.data', import.meta.url));
const WINDOW_MAX = 500;
const WAIT_MAX_MS = 7 * 24 * 3_600_000;

/** @returns undefined when only help is asked for. @throws {UsageError} */
export function parseOptions(args: readonly string[]): Options | undefined {
  const { values, positionals } = parsed(args);
  if (values.help) return undefined;
  if (positionals.length > 1) throw new UsageError(`one folder at a time, not ${positionals.length}`);
  const [folder] = positionals;
  const data = values.data === undefined ? DEFAULT_DATA : fromCaller(values.data);
  return {
    ...(folder !== undefined && { folder: existingFolder(folder) }),
    data,
    report: values.report === undefined ? path.join(data, 'report.html') : reportFile(values.report),
    crash: !values['no-crash'],
    approveAll: values.yes,
    fresh: values.fresh,
    window: windowOf(values.window),
    licenceWaitMs: waitOf(values.wait),
  };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        'no-crash': { type: 'boolean', default: false },
        data: { type: 'string' },
        report: { type: 'string' },
        yes: { type: 'boolean', default: false },
        wait: { type: 'string', default: '3s' },
        window: { type: 'string', default: '32' },
        fresh: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** npm runs scripts in the package's folder, and tells in which folder it was called itself. */
const fromCaller = (file: string): string => path.resolve(process.env['INIT_CWD'] ?? process.cwd(), file);

function existingFolder(named: string): string {
  const folder = fromCaller(named);
  const found = statSync(folder, { throwIfNoEntry: false });
  if (!found) throw new UsageError(`there is no folder ${folder}`);
  if (!found.isDirectory()) throw new UsageError(`${folder} is not a folder`);
  return realpathSync(folder);
}

function reportFile(named: string): string {
  const file = fromCaller(named);
  if (statSync(file, { throwIfNoEntry: false })?.isDirectory()) {
    throw new UsageError(`--report names a file, and ${file} is a folder`);
  }
  return file;
}

function windowOf(text: string): number {
  const window = Number(text);
  if (Number.isInteger(window) && window >= 1 && window <= WINDOW_MAX) return window;
  throw new UsageError(`--window is a whole number from 1 to ${WINDOW_MAX}, not '${text}'`);
}

function waitOf(text: string): number {
  const waitMs = text === '' ? undefined : (ms(text as ms.StringValue) as number | undefined);
  if (waitMs !== undefined && waitMs >= 1 && waitMs <= WAIT_MAX_MS) return Math.round(waitMs);
  throw new UsageError(`--wait is a time from '1ms' to '7 days', such as '10s', not '${text}'`);
}
