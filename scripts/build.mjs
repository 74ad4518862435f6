// Builds dist/ from src/: tsc (incremental, CommonJS) and then the ES module doors. Does nothing, in a few milliseconds,
// when no input has changed since the last build that succeeded.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { runNode } from './lib/node.mjs';
import { packageRoot } from './lib/package.mjs';

const distDir = path.join(packageRoot, 'dist');
const stampFile = path.join(distDir, '.build.json');
const CONFIG_FILES = [
  'package.json',
  'tsconfig.base.json',
  'tsconfig.pure.json',
  'tsconfig.host.json',
  'scripts/build.mjs',
  'scripts/build-doors.mjs',
  'scripts/lib/package.mjs',
];

const sources = listSources();
const fingerprint = fingerprintOf([...CONFIG_FILES, ...sources]);
const last = readStamp();
if (last.fingerprint !== fingerprint) build();

function build() {
  removeOutputsOf(last.sources.filter((source) => !sources.includes(source)));
  // The stamp goes first: a build that fails half-way must run again.
  rmSync(stampFile, { force: true });
  runNode(['node_modules/typescript/bin/tsc', '-b', 'tsconfig.host.json']);
  runNode(['scripts/build-doors.mjs']);
  mkdirSync(distDir, { recursive: true });
  writeFileSync(stampFile, JSON.stringify({ fingerprint, sources }));
}

/** TypeScript never deletes what it once wrote: a removed source would live on in the package. */
function removeOutputsOf(removed) {
  for (const source of removed) {
    const stem = path.join(distDir, path.relative('src', source)).replace(/\.ts$/, '');
    for (const extension of ['.js', '.js.map', '.d.ts', '.mjs', '.d.mts'])
      rmSync(stem + extension, { force: true });
  }
}

function listSources() {
  return readdirSync(path.join(packageRoot, 'src'), { recursive: true })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => path.join('src', file))
    .sort();
}

function fingerprintOf(files) {
  const hash = createHash('sha256');
  for (const file of files) {
    const { size, mtimeMs } = statSync(path.join(packageRoot, file));
    hash.update(`${file}\0${size}\0${mtimeMs}\n`);
  }
  return hash.digest('hex');
}

function readStamp() {
  try {
    return JSON.parse(readFileSync(stampFile, 'utf8'));
  } catch {
    return { fingerprint: '', sources: [] };
  }
}
