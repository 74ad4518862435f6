// `node scripts/run.mjs FILE [arguments]`: builds dist/ if it is stale, then runs one TypeScript program of
// this repository (an example, a bench) on it.
import { spawn } from 'node:child_process';
import { runNode } from './lib/node.mjs';
import { packageRoot } from './lib/package.mjs';

const [file, ...args] = process.argv.slice(2);
if (file === undefined) throw new Error('usage: node scripts/run.mjs FILE [arguments]');
runNode(['scripts/build.mjs']);
const program = spawn(
  process.execPath,
  ['--enable-source-maps', '--import', './scripts/ts.mjs', file, ...args],
  { cwd: packageRoot, stdio: 'inherit' },
);
// The program decides how to end, and we end with it. Ctrl-C reaches it too; what is sent to us alone is passed on.
process.on('SIGINT', () => undefined);
for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => program.kill(signal));
program.on('close', (code) => process.exit(code ?? 1));
