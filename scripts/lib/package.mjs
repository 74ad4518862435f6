// What package.json says about this package: its root and its doors.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const packageRoot = fileURLToPath(new URL('../..', import.meta.url));
export const packageJson = JSON.parse(readFileSync(path.join(packageRoot, 'package.json'), 'utf8'));

/** The doors: each specifier a user may write, and the folder in dist/ that stands behind it. */
export const doors = Object.entries(packageJson.exports)
  .filter(([, target]) => typeof target === 'object')
  .map(([subpath, target]) => ({
    specifier: path.posix.join(packageJson.name, subpath),
    dir: path.posix.dirname(target.require.default),
  }));
