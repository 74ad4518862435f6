// The ledger of campaigns: test/campaign/LEDGER.json, and LEDGER.md made from it. Only a run of campaigns adds an entry, of a commit
// that anybody can check out: nobody writes a figure by hand.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import path from 'node:path';
import { format, resolveConfig } from 'prettier';
import { packageRoot } from './package.mjs';

const DATA = path.join(packageRoot, 'test/campaign/LEDGER.json');
const TABLES = path.join(packageRoot, 'test/campaign/LEDGER.md');

/** What an entry would name: the commit, and whether the files are those of the commit. */
export function sourceState() {
  const git = (...args) => execFileSync('git', args, { cwd: packageRoot, encoding: 'utf8' }).trim();
  try {
    return { commit: git('rev-parse', 'HEAD'), isDirty: git('status', '--porcelain') !== '' };
  } catch {
    return { commit: undefined, isDirty: true };
  }
}

/** The lines that campaigns left in `file`, as one entry. Without any: nothing is written. */
export async function recordEntry({ file, commit, tier, startedAt, passed }) {
  const lines = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').filter(Boolean) : [];
  if (lines.length === 0) return false;
  const ledger = existsSync(DATA) ? JSON.parse(readFileSync(DATA, 'utf8')) : { entries: [] };
  ledger.entries.push({
    date: new Date(startedAt).toISOString(),
    commit,
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
    tier,
    passed,
    seconds: Math.round((Date.now() - startedAt) / 1_000),
    // Of the quarter of an hour behind it: other work on the machine makes campaigns slower.
    load: Number(loadavg()[2].toFixed(1)),
    campaigns: lines.map((line) => JSON.parse(line)).sort((a, b) => a.campaign.localeCompare(b.campaign)),
  });
  const config = { ...(await resolveConfig(DATA)), filepath: DATA };
  writeFileSync(DATA, await format(JSON.stringify(ledger), config));
  writeFileSync(TABLES, render(ledger));
  return true;
}

function render({ entries }) {
  const totals = new Map();
  for (const { campaigns } of entries) for (const one of campaigns) add(totals, one);
  return `# Ledger of campaigns

Written by \`npm run reliability\` from [LEDGER.json](LEDGER.json): every run of a clean commit adds an entry. Do not edit.

## Totals of ${entries.length} ${entries.length === 1 ? 'entry' : 'entries'}

${[...totals].map(([name, sums]) => `* **${name}**: ${sentence(sums)}`).join('\n')}

## Entries, newest first

${[...entries].reverse().map(renderEntry).join('\n\n')}
`;
}

function add(totals, one) {
  const sums = totals.get(one.campaign) ?? {};
  totals.set(one.campaign, sums);
  for (const [name, value] of Object.entries(countersOf(one))) sums[name] = (sums[name] ?? 0) + value;
}

const countersOf = ({ seeds, counters, lost, twice, otherFaults, seconds }) => ({
  seeds: seeds.count,
  ...counters,
  lost,
  twice,
  otherFaults,
  seconds,
});

function renderEntry({ date, commit, node, platform, tier, passed, seconds, load, campaigns }) {
  const head = `### ${date.slice(0, 16).replace('T', ' ')} UTC, commit ${commit.slice(0, 10)}, tier ${tier}${passed ? '' : ': **FAILED**'}`;
  const where = `Node ${node} on ${platform}, ${seconds} s, load ${load}.`;
  const lines = campaigns.map(
    (one) => `* **${one.campaign}**, seeds from ${one.seeds.first}: ${sentence(countersOf(one))}`,
  );
  return [head, '', where, '', ...lines].join('\n');
}

/** `commitsFailed: 12` → "commits failed 12". */
const sentence = (counters) =>
  Object.entries(counters)
    .map(([name, value]) => `${wordsOf(name)} ${value.toLocaleString('en-GB')}`)
    .join(', ');

const wordsOf = (name) => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
