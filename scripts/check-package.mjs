// Packs the package as npm would publish it and checks the tarball, not the folder: publint (package.json against
// the files), are-the-types-wrong (every kind of TypeScript resolution), and that every door loads in plain Node
// by `import` and by `require`, with one identity and with no package but the declared dependencies.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { doors, packageJson, packageRoot } from './lib/package.mjs';

const scratch = mkdtempSync(path.join(tmpdir(), 'troupe-package-'));
const tarball = path.join(scratch, `${packageJson.name}-${packageJson.version}.tgz`);
process.exitCode = 1;
try {
  const packed = runs('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', scratch]);
  if (packed && [publint(), typesResolve(), doorsLoad()].every(Boolean)) process.exitCode = 0;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

function publint() {
  return runs('node_modules/.bin/publint', [tarball, '--strict']);
}

function typesResolve() {
  return runs('node_modules/.bin/attw', [
    tarball,
    '--profile=strict',
    '--format=ascii',
    '--no-definitely-typed',
  ]);
}

/** As a user has it: unpacked into node_modules, beside its dependencies and nothing else of this repository. */
function doorsLoad() {
  const modules = path.join(scratch, 'node_modules');
  const unpacked = path.join(modules, packageJson.name);
  mkdirSync(unpacked, { recursive: true });
  for (const dependency of Object.keys(packageJson.dependencies)) {
    const link = path.join(modules, dependency);
    mkdirSync(path.dirname(link), { recursive: true });
    symlinkSync(path.join(packageRoot, 'node_modules', dependency), link);
  }
  const program = path.join(scratch, 'load-doors.mjs');
  writeFileSync(program, loadDoorsProgram());
  return (
    runs('tar', ['-xzf', tarball, '-C', unpacked, '--strip-components=1']) &&
    runs(process.execPath, [program])
  );
}

function loadDoorsProgram() {
  return `
    import assert from 'node:assert/strict';
    import { createRequire } from 'node:module';
    const require = createRequire(import.meta.url);
    for (const specifier of ${JSON.stringify(doors.map(({ specifier }) => specifier))}) {
      const required = require(specifier);
      const imported = await import(specifier);
      assert.deepEqual(Object.keys(imported).sort(), Object.keys(required).sort(), specifier);
      for (const name of Object.keys(required)) {
        assert.equal(imported[name], required[name], specifier + ': ' + name + ' has two identities');
      }
    }`;
}

function runs(command, args) {
  const { status, error } = spawnSync(command, args, { cwd: packageRoot, stdio: 'inherit' });
  if (error) throw error;
  return status === 0;
}
