// The peers' packages: installed on first use, beside the bench and never with Troupe. And the Node that runs all of them.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { arch, platform } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('..', import.meta.url));
const LOCK = path.join(FOLDER, 'package-lock.json');
/** A copy of the lock file that was installed. */
const INSTALLED = path.join(FOLDER, 'node_modules', '.installed-lock.json');
/** OpenWorkflow needs the SQLite of Node 22. */
const NODE_MAJOR = 22;

export function installPeers(): void {
  const lock = readFileSync(LOCK, 'utf8');
  if (existsSync(INSTALLED) && readFileSync(INSTALLED, 'utf8') === lock) return;
  console.error('bench:peers installs its peers into bench/peers/node_modules (npm ci; some 600 MB)');
  const { status } = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: FOLDER,
    // npm tells the scripts it runs where they are: this is another package.
    env: Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('npm_'))),
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: platform() === 'win32',
  });
  if (status !== 0) throw new Error('npm ci failed in bench/peers');
  writeFileSync(INSTALLED, lock);
}

/** One Node for all peers, so that none has a better one: ours, or the one that is installed with them. */
export function nodeForPeers(): string {
  if (Number(process.versions.node.split('.')[0]) >= NODE_MAJOR) return process.execPath;
  const file = path.join(FOLDER, 'node_modules', `node-${platform()}-${arch()}`, 'bin', 'node');
  return existsSync(file) ? file : process.execPath;
}
