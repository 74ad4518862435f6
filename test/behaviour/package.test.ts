// The package as its users get it: packed, unpacked into an empty project, used from an ES module and from CommonJS.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import manifest from '../../package.json';

const root = fileURLToPath(new URL('../..', import.meta.url));
let project: string;

beforeAll(() => {
  project = mkdtempSync(path.join(tmpdir(), 'troupe-project-'));
  execFileSync('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', project], { cwd: root });
  const tarball = readdirSync(project).find((name) => name.endsWith('.tgz'));
  const unpacked = path.join(project, 'node_modules', manifest.name);
  mkdirSync(unpacked, { recursive: true });
  execFileSync('tar', ['-xzf', path.join(project, tarball ?? ''), '-C', unpacked, '--strip-components=1']);
  // Its dependencies as an install would put them, and nothing else of this repository.
  for (const name of readdirSync(path.join(root, 'node_modules'))) {
    if (name.startsWith('.')) continue;
    symlinkSync(path.join(root, 'node_modules', name), path.join(project, 'node_modules', name));
  }
  writeFileSync(
    path.join(project, 'workflows.ts'),
    `import { proxyActivities, sleep } from 'troupe/workflow';
     const { greet } = proxyActivities<{ greet(name: string): Promise<string> }>({ startToCloseTimeout: '1 minute' });
     export async function hello(name: string): Promise<string> {
       await sleep(1);
       return greet(name);
     }`,
  );
});

afterAll(() => rmSync(project, { recursive: true, force: true }));

const program = (load: string, workflowsPath: string): string => `
  ${load}
  async function main() {
    const troupe = await Troupe.open({
      path: './data',
      workflowsPath: ${workflowsPath},
      activities: { greet: async (name) => 'Hello, ' + name + '!' },
    });
    const handle = await troupe.client.workflow.start('hello', { workflowId: String(process.pid), args: ['Ada'] });
    console.log(await handle.result());
    await troupe.close();
  }
  main();`;

const run = (file: string): string =>
  execFileSync(process.execPath, [file], { cwd: project, encoding: 'utf8', timeout: 30_000 }).trim();

test('an ES module imports it and runs a workflow', () => {
  writeFileSync(
    path.join(project, 'app.mjs'),
    program("import { Troupe } from 'troupe';", "new URL('./workflows.ts', import.meta.url)"),
  );
  expect(run('app.mjs')).toBe('Hello, Ada!');
});

test('a CommonJS module requires it and runs a workflow', () => {
  writeFileSync(
    path.join(project, 'app.cjs'),
    program("const { Troupe } = require('troupe');", "require.resolve('./workflows.ts')"),
  );
  expect(run('app.cjs')).toBe('Hello, Ada!');
});

/** From process start to the first result is a third longer when they are loaded for nothing. */
test('with a bundle that lies ready, neither the bundler nor the code of a shard is loaded by the host', () => {
  writeFileSync(
    path.join(project, 'bundle.cjs'),
    `const { bundleWorkflowCode } = require('troupe/worker');
     bundleWorkflowCode({ workflowsPath: require.resolve('./workflows.ts') }).then(({ code }) =>
       require('node:fs').writeFileSync('./workflows.bundle.js', code));`,
  );
  run('bundle.cjs');
  writeFileSync(
    path.join(project, 'ready.cjs'),
    `const { Troupe } = require('troupe');
     async function main() {
       const troupe = await Troupe.open({
         store: 'memory',
         threads: 1,
         workflowBundle: { codePath: './workflows.bundle.js' },
         activities: { greet: async (name) => 'Hello, ' + name + '!' },
       });
       const result = await troupe.client.workflow.execute('hello', { workflowId: 'ready', args: ['Ada'] });
       const own = Object.keys(require.cache).filter((file) => /troupe.dist.(actors|bundle)./.test(file));
       console.log(result, own.map((file) => file.split(/troupe.dist./)[1].replaceAll('\\\\', '/')).sort().join(' '));
       await troupe.close();
     }
     main();`,
  );
  expect(run('ready.cjs')).toBe('Hello, Ada! bundle/errors.js bundle/index.js');
});
