// The audit's command: starts a worker process, shows its progress, kills it half-way with SIGKILL, starts the next one,
// and prints what came of it. `npm start -- --help` tells the options.
import { mkdirSync } from 'node:fs';
import { DEFAULT_FOLDER, HELP, parseOptions, UsageError } from './lib/options.ts';
import type { Options } from './lib/options.ts';
import { Display } from './lib/display.ts';
import { Runner } from './lib/runner.ts';
import { takeUp } from './lib/state.ts';
import { isSound, summaryLines } from './report/summary.ts';

const EXIT_USAGE = 2;
/** As a shell reports a program that Ctrl-C ended. */
const EXIT_INTERRUPTED = 130;

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  try {
    const options = parseOptions(args);
    if (options) return await run(options);
    process.stdout.write(HELP);
    return 0;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(`audit: ${error.message}`);
    return EXIT_USAGE;
  }
}

async function run(options: Options): Promise<number> {
  const { data } = options;
  makeFolder(data);
  const { state, resumed } = takeUp(options, DEFAULT_FOLDER);
  const display = new Display(process.stdout);
  // First the runner, then the line: whoever reads it may press Ctrl-C.
  const running = new Runner(options, state, display).run();
  display.line(`${resumed ? 'Resuming the audit of' : 'Auditing'} ${state.audit.folder}`);
  const outcome = await running;
  switch (outcome.kind) {
    case 'finished':
      for (const line of summaryLines(outcome.summary)) display.line(line);
      return isSound(outcome.summary.checks) ? 0 : 1;
    case 'stopped':
      display.line('Stopped. The same command goes on where it was.');
      return EXIT_INTERRUPTED;
    case 'failed':
      console.error(`audit: ${outcome.message}`);
      return 1;
  }
}

function makeFolder(data: string): void {
  try {
    mkdirSync(data, { recursive: true });
  } catch (error) {
    throw new UsageError(
      `the data folder ${data} cannot be used: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
