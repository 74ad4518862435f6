// `node scripts/run.mjs FILE [arguments]`: builds dist/ if it is stale, then runs one TypeScript program of
// this repository (an example, a bench) on it.
import { runNode } from './lib/node.mjs';

const [file, ...args] = process.argv.slice(2);
if (file === undefined) throw new Error('usage: node scripts/run.mjs FILE [arguments]');
runNode(['scripts/build.mjs']);
runNode(['--enable-source-maps', '--import', './scripts/ts.mjs', file, ...args]);
