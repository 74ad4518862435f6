// `npm test`: check, then every test that check leaves out, with small campaigns. Closes with "N passed, N failed".
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { exitCodeOfNode } from './lib/node.mjs';
import { readTally, tallyLine } from './lib/tally.mjs';

const scratch = mkdtempSync(path.join(tmpdir(), 'troupe-test-'));
const env = { TROUPE_TALLY: process.env.TROUPE_TALLY ?? path.join(scratch, 'tally') };

const exitCode =
  exitCodeOfNode(['scripts/check.mjs'], env) ||
  exitCodeOfNode(['scripts/run-tests.mjs', '--project=behaviour', '--project=campaign', '--tier=small'], env);
console.log(tallyLine(readTally(env.TROUPE_TALLY), exitCode));
rmSync(scratch, { recursive: true, force: true });
process.exitCode = exitCode;
