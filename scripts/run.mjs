// `node scripts/run.mjs FILE [arguments]`: builds dist/ if it is stale, then runs one TypeScript program of
// this repository (an example, a bench) on it.
import { runNode } from './lib/node.mjs';

const [file, ...args] = process.argv.slice(2);
if (file === undefined) throw new Error('usage: node scripts/run.mjs FILE [arguments]');
runNode(['scripts/build.mjs']);
// Ctrl-C reaches the program too: it decides how to end, and we end with it.
process.on('SIGINT', () => undefined);
runNode(['--enable-source-maps', '--import', './scripts/ts.mjs', file, ...args]);
