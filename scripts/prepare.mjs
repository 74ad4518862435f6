// npm's "prepare" step: after `npm install` in a checkout, and before `npm pack`. Builds the package, so that
// `npm ci && npm pack` gives a tarball that works; an install without the development dependencies cannot build.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { packageRoot } from './lib/package.mjs';
import { runNode } from './lib/node.mjs';

const canBuild = ['src', 'node_modules/typescript', 'node_modules/@types/node'].every((file) =>
  existsSync(path.join(packageRoot, file)),
);
if (canBuild) runNode(['scripts/build.mjs']);
else console.error('troupe: not built, as the development dependencies are not installed');
