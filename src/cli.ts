#!/usr/bin/env node
// The command `troupe`. Ends with 0, with 1 when what was asked for is not there or is damaged, with 2 when it could not be asked.
import { readCommand, USAGE, UsageError } from './cli/arguments';
import { check } from './cli/check';
import { ls } from './cli/ls';
import type { Output } from './cli/output';
import { show } from './cli/show';
import { readOffline } from './troupe/offline-store';

const output: Output = {
  print: (line) => console.log(line),
  complain: (line) => console.error(line),
};

async function main(args: readonly string[]): Promise<number> {
  const command = readCommand(args);
  switch (command.kind) {
    case 'help':
      output.print(USAGE);
      return 0;
    case 'ls':
      return readOffline(command.folder, (store) => ls(store, command, output));
    case 'show':
      return readOffline(command.folder, (store) => show(store, command, output));
    case 'check':
      return readOffline(command.folder, (store) => check(store, output));
  }
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const message = error instanceof Error ? error.message : String(error);
    output.complain(error instanceof UsageError ? `${message}\n\n${USAGE}` : message);
    process.exitCode = 2;
  },
);
