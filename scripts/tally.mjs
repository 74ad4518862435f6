// `node scripts/tally.mjs FILE EXIT_CODE`: prints the closing line of a command that ran several test runs.
import { readTally, tallyLine } from './lib/tally.mjs';

const [file, exitCode] = process.argv.slice(2);
console.log(tallyLine(readTally(file), Number(exitCode)));
