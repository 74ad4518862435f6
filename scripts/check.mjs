// `npm run check`: everything that must hold before a commit. Independent steps run side by side, one per
// core; a step prints its time, and its output only if it fails. `node scripts/check.mjs NAME...` runs a few.
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { packageRoot } from './lib/package.mjs';
import { recordTally } from './lib/tally.mjs';

const ESLINT_OPTIONS = [
  '--max-warnings=0',
  '--cache',
  '--cache-strategy=content',
  '--cache-location=node_modules/.cache/eslint/',
];

/** `after`: the steps, listed above it, that a step needs. `showLastLine`: also when it passes. */
const STEPS = [
  { name: 'build', args: ['scripts/build.mjs'] },
  { name: 'format', args: [tool('prettier'), '--check', '--cache', '--log-level=warn', '.'] },
  { name: 'types', args: [tool('tsc'), '-b', 'tsconfig.json'], after: ['build'] },
  { name: 'lint', args: [tool('eslint'), ...ESLINT_OPTIONS, '.'], after: ['build'] },
  { name: 'tests', args: ['scripts/run-tests.mjs', '--project=unit'], after: ['build'], showLastLine: true },
  { name: 'package', args: ['scripts/check-package.mjs'], after: ['build'] },
  { name: 'layers', args: [tool('depcruise'), 'src'] },
  { name: 'dead-code', args: [tool('knip')] },
];

const names = process.argv.slice(2);
const unknown = names.filter((name) => !STEPS.some((step) => step.name === name));
if (unknown.length > 0) throw new Error(`no such step: ${unknown.join(', ')}`);
const steps = names.length === 0 ? STEPS : STEPS.filter(({ name }) => names.includes(name));
const inSlot = slots(availableParallelism());
const startedAt = performance.now();

const outcomes = new Map();
for (const step of steps) outcomes.set(step.name, outcomeOf(step));
const failed = [];
for (const [name, passed] of outcomes) if (!(await passed)) failed.push(name);

// The closing line of `npm test` counts tests; a failed step is a failure too.
const failedBesideTests = failed.filter((name) => name !== 'tests').length;
if (failedBesideTests > 0) recordTally({ passed: 0, failed: failedBesideTests });
const verdict = failed.length === 0 ? 'passed' : `FAILED (${failed.join(', ')})`;
console.log(`check ${verdict} in ${secondsSince(startedAt)}`);
process.exitCode = failed.length === 0 ? 0 : 1;

async function outcomeOf(step) {
  const needed = await Promise.all((step.after ?? []).map((name) => outcomes.get(name)));
  if (!needed.includes(false)) return inSlot(() => run(step));
  console.log(`– ${step.name}: not run`);
  return false;
}

function run({ name, args, showLastLine }) {
  const stepStartedAt = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      cwd: packageRoot,
      env: { ...process.env, ...(process.stdout.isTTY ? { FORCE_COLOR: '1' } : { NO_COLOR: '1' }) },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.on('error', reject);
    child.on('close', (code) => {
      const passed = code === 0;
      const note = passed && showLastLine ? `  ${output.trimEnd().split('\n').at(-1)}` : '';
      console.log(`${passed ? '✓' : '✗'} ${name.padEnd(10)} ${secondsSince(stepStartedAt)}${note}`);
      if (!passed) console.log(output.trimEnd());
      resolve(passed);
    });
  });
}

/** At most `count` jobs at a time; the rest wait in the order they came. */
function slots(count) {
  const waiting = [];
  let free = count;
  return async (job) => {
    if (free === 0) await new Promise((resolve) => waiting.push(resolve));
    else free -= 1;
    try {
      return await job();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    }
  };
}

function tool(name) {
  return `node_modules/.bin/${name}`;
}

function secondsSince(startMs) {
  return `${((performance.now() - startMs) / 1_000).toFixed(1)} s`;
}
