// `node scripts/run-tests.mjs --project NAME... [--tier small|ci|full] [--record] [vitest filters]`
// Builds dist/ if it is stale, runs these vitest projects on it and closes with the line "N passed, N failed".
// Campaigns of the full tier, and any with --record, add an entry to the ledger, which is to be committed.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { recordEntry, sourceState } from './lib/campaign-ledger.mjs';
import { exitCodeOfNode, runNode } from './lib/node.mjs';
import { recordTally, tallyLine } from './lib/tally.mjs';

const TIERS = ['small', 'ci', 'full'];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    project: { type: 'string', multiple: true, default: [] },
    tier: { type: 'string', default: 'small' },
    record: { type: 'boolean', default: false },
  },
});
if (!TIERS.includes(values.tier))
  throw new Error(`--tier is one of ${TIERS.join(', ')}, not '${values.tier}'`);

const startedAt = Date.now();
const before = sourceState();
const isRecorded = (values.record || values.tier === 'full') && !before.isDirty;
if (values.record && before.isDirty)
  throw new Error('--record needs a clean working tree: an entry of the ledger names its commit');
if (values.tier === 'full' && before.isDirty)
  console.warn('The working tree is not that of a commit: this run adds no entry to the ledger.');

runNode(['scripts/build.mjs']);

const scratch = mkdtempSync(path.join(tmpdir(), 'troupe-tests-'));
const reportFile = path.join(scratch, 'report.json');
const campaignFile = path.join(scratch, 'campaigns.jsonl');
let exitCode = exitCodeOfNode(
  [
    'node_modules/vitest/vitest.mjs',
    'run',
    ...values.project.map((name) => `--project=${name}`),
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${reportFile}`,
    ...positionals,
  ],
  { TROUPE_TIER: values.tier, TROUPE_CAMPAIGN_REPORT: campaignFile },
);
const tally = readReport();
if (isRecorded && !(await record())) exitCode ||= 1;
rmSync(scratch, { recursive: true, force: true });
recordTally(tally);
console.log(tallyLine(tally, exitCode));
process.exitCode = exitCode;

/** Only what the commit says has run: files that changed meanwhile may have been read. */
async function record() {
  const after = sourceState();
  if (after.isDirty || after.commit !== before.commit) {
    console.error('The working tree changed while the campaigns ran: no entry was added to the ledger.');
    return false;
  }
  const entry = {
    file: campaignFile,
    commit: before.commit,
    tier: values.tier,
    startedAt,
    passed: exitCode === 0,
  };
  if (await recordEntry(entry)) console.log('Added an entry to test/campaign/LEDGER.md: commit it.');
  else console.error('No campaign has reported anything: no entry was added to the ledger.');
  return true;
}

function readReport() {
  try {
    const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(reportFile, 'utf8'));
    return { passed: numPassedTests, failed: numFailedTests };
  } catch {
    // vitest ended before it could write one: its exit code says so.
    return { passed: 0, failed: 0 };
  }
}
