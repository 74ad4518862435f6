// `node scripts/run-tests.mjs --project NAME... [--tier small|ci|full] [vitest filters]`
// Builds dist/ if it is stale, runs these vitest projects on it and closes with the line "N passed, N failed".
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { exitCodeOfNode, runNode } from './lib/node.mjs';
import { recordTally, tallyLine } from './lib/tally.mjs';

const TIERS = ['small', 'ci', 'full'];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    project: { type: 'string', multiple: true, default: [] },
    tier: { type: 'string', default: 'small' },
  },
});
if (!TIERS.includes(values.tier))
  throw new Error(`--tier is one of ${TIERS.join(', ')}, not '${values.tier}'`);

runNode(['scripts/build.mjs']);

const scratch = mkdtempSync(path.join(tmpdir(), 'troupe-tests-'));
const reportFile = path.join(scratch, 'report.json');
const exitCode = exitCodeOfNode(
  [
    'node_modules/vitest/vitest.mjs',
    'run',
    ...values.project.map((name) => `--project=${name}`),
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${reportFile}`,
    ...positionals,
  ],
  { TROUPE_TIER: values.tier },
);
const tally = readReport();
rmSync(scratch, { recursive: true, force: true });
recordTally(tally);
console.log(tallyLine(tally, exitCode));
process.exitCode = exitCode;

function readReport() {
  try {
    const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(reportFile, 'utf8'));
    return { passed: numPassedTests, failed: numFailedTests };
  } catch {
    // vitest ended before it could write one: its exit code says so.
    return { passed: 0, failed: 0 };
  }
}
