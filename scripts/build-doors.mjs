// Writes the ES module half of every door: dist/<door>/index.mjs and index.d.mts.
//
// There is one CommonJS instance of the package; the ES module doors only re-export its names, so that
// `import` and `require` give the same classes. The names are explicit: Node guesses the names of a CommonJS
// module from its text, and a name that it cannot guess must fail here and not at a user's.
import { existsSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { doors, packageRoot } from './lib/package.mjs';

const require = createRequire(import.meta.url);
const problems = [];

for (const { specifier, dir } of doors) {
  const folder = path.join(packageRoot, dir);
  const commonJsFile = path.join(folder, 'index.js');
  if (!existsSync(commonJsFile)) {
    problems.push(`${specifier}: ${path.relative(packageRoot, commonJsFile)} was not built`);
    continue;
  }
  const instance = require(commonJsFile);
  const names = Object.keys(instance).sort();
  if (names.includes('default')) problems.push(`${specifier}: a door has named exports only, no default`);
  if (names.length === 0) problems.push(`${specifier}: exports nothing`);

  const moduleFile = path.join(folder, 'index.mjs');
  writeFileSync(
    moduleFile,
    `export {\n${names.map((name) => `  ${name},\n`).join('')}} from './index.js';\n`,
  );
  writeFileSync(path.join(folder, 'index.d.mts'), "export * from './index.js';\n");

  const module = await import(pathToFileURL(moduleFile).href);
  for (const name of names) {
    if (module[name] !== instance[name])
      problems.push(`${specifier}: '${name}' differs between import and require`);
  }
}

for (const problem of problems) console.error(`door ${problem}`);
if (problems.length > 0) process.exitCode = 1;
