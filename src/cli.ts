#!/usr/bin/env node
// The command `troupe`: looks into a folder that no process has open. Prints; changes nothing of the workflows in it.
import { parseArgs } from 'node:util';
import { check, list, show } from './troupe/offline';

const USAGE = `troupe ls <folder> [--status running|completed|…] [--type T] [--namespace N] [--limit N] [--json]
troupe show <folder> <workflow id> [--run-id R] [--namespace N] [--json]
troupe check <folder>`;

class UsageError extends Error {}

async function main(args: readonly string[]): Promise<number> {
  const { values, positionals } = parse(args);
  const [command, folder, workflowId] = positionals;
  if (values.help === true || command === undefined) {
    console.log(USAGE);
    return values.help === true ? 0 : 2;
  }
  if (folder === undefined) throw new UsageError(`${command}: name the folder`);
  const print = (line: string): void => console.log(line);
  const namespace = values.namespace ?? 'default';
  switch (command) {
    case 'ls': {
      const limit = Number(values.limit ?? 100);
      if (!Number.isInteger(limit) || limit < 1) throw new UsageError('--limit: a whole number above 0');
      return list(
        { folder, namespace, limit, json: values.json === true, status: values.status, type: values.type },
        print,
      );
    }
    case 'show':
      if (workflowId === undefined) throw new UsageError('show: name the workflow id');
      return show(
        { folder, namespace, workflowId, runId: values['run-id'], json: values.json === true },
        print,
      );
    case 'check':
      return check(folder, print);
    default:
      throw new UsageError(`there is no command '${command}'`);
  }
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

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const message = error instanceof Error ? error.message : String(error);
    console.error(error instanceof UsageError ? `${message}\n\n${USAGE}` : message);
    process.exitCode = 2;
  },
);
