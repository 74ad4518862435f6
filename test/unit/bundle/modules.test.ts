// How files become modules: where they are found, and what they see of one another.
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { bundle, realmFrom, realmOf } from '../sandbox/sandbox.ts';
import { bundleWorkflows } from '../../../src/bundle/bundle-workflows.ts';
import { FAKE_ENGINE } from '../sandbox/sandbox.ts';
import { writeFiles } from './files.ts';

describe('the workflows’ path', () => {
  const text = `export const wf = () => 'found';`;
  const ways: readonly (readonly [string, string, (folder: string) => string | URL])[] = [
    ['a path', 'workflows.ts', (folder) => path.join(folder, 'workflows.ts')],
    [
      'a path relative to the working directory',
      'workflows.ts',
      (folder) => path.relative(process.cwd(), path.join(folder, 'workflows.ts')),
    ],
    ['a path without extension', 'workflows.mts', (folder) => path.join(folder, 'workflows')],
    ['a URL', 'workflows.ts', (folder) => pathToFileURL(path.join(folder, 'workflows.ts'))],
    ['a file: string', 'work flows.ts', (folder) => pathToFileURL(path.join(folder, 'work flows.ts')).href],
    ['.js where there is only .ts', 'workflows.ts', (folder) => path.join(folder, 'workflows.js')],
    ['.ts where there is only .js', 'workflows.js', (folder) => path.join(folder, 'workflows.ts')],
    ['a folder with an index file', 'workflows/index.ts', (folder) => path.join(folder, 'workflows')],
  ];
  test.for(ways)('may be %s', async ([, file, way]) => {
    const folder = writeFiles({ [file]: text });
    const code = await bundleWorkflows({ workflowsPath: way(folder) }, { engine: FAKE_ENGINE });
    expect(realmFrom(code).run('wf')).toBe('found');
  });
});

/** Each workflow file exports `wf`; what it returns is expected. */
async function expectResult(files: Readonly<Record<string, string>>, expected: unknown): Promise<void> {
  const { run, realm } = await realmOf(files);
  expect(realm.isolation).toBe('shared');
  expect(run('wf')).toEqual(expected);
}

describe('ES modules', () => {
  test('have default, named, renamed and namespace exports', () =>
    expectResult(
      {
        'workflows.ts': `
          import def, { a, b as c } from './m.js';
          import * as ns from './m';
          export const wf = () => [def(), a, c, Object.keys(ns).sort(), ns.default === def];`,
        'm.ts': `export default () => 'd'; export const a = 1; const x = 2; export { x as b };`,
      },
      ['d', 1, 2, ['a', 'b', 'default'], true],
    ));

  test('see bindings change', () =>
    expectResult(
      {
        'workflows.ts': `import { n, up } from './m'; import * as ns from './m'; export const wf = () => [n, up(), n, ns.n];`,
        'm.ts': `export let n = 0; export function up() { return ++n; }`,
      },
      [0, 1, 1, 1],
    ));

  test('see bindings change, however they are exported and assigned to', () =>
    expectResult(
      {
        'workflows.ts': `
          import * as ns from './barrel';
          import def, { a, b, c, d, 'e-f' as e, f, g } from './m';
          export const wf = () => [[a, b, c, d, e, f(), def, g.n], ns.change(), [a, b, c, d, e, f(), def, g.n], ns.renamed, ns.sub.a];`,
        'barrel.ts': `export { change, a as renamed } from './m'; export * as sub from './m';`,
        'm.ts': `
          let a = 1, b = 1, c = 1, d = 1, e = 1, def = 1;
          function f() { return 1; }
          namespace g { export const n = 1; }
          export function change() { a = 2; [b] = [2]; ({ c } = { c: 2 }); d++; for (e of [2]); f = () => 2; def = 2; return 'changed'; }
          export { a, b, c, d, e as 'e-f', f, def as default, g };`,
      },
      [[1, 1, 1, 1, 1, 1, 1, 1], 'changed', [2, 2, 2, 2, 2, 2, 2, 1], 2, 2],
    ));

  test('have what the doors export, once, by whatever name the door is opened', () =>
    expectResult(
      {
        'workflows.ts': `
          import * as ours from 'troupe/workflow';
          import { CancellationScope } from '@temporalio/workflow';
          import * as common from '@temporalio/common';
          import { ApplicationFailure } from 'troupe/common';
          export const wf = () => [ours.CancellationScope === CancellationScope, common.ApplicationFailure === ApplicationFailure, ours.ApplicationFailure === ApplicationFailure];`,
        'package.json': `{ "type": "module" }`,
      },
      [true, true, true],
    ));

  test('may look at each other in a circle before they are done', () =>
    expectResult(
      {
        'workflows.ts': `import { seen } from './a'; export const wf = () => seen;`,
        'a.ts': `import { early } from './b'; export function hoisted() { return 'hoisted'; } export let later = 1; export const seen = [early, later];`,
        'b.ts': `import { hoisted, later } from './a'; let tdz; try { tdz = later; } catch (error) { tdz = error.name; } export const early = [hoisted(), tdz];`,
      },
      [['hoisted', 'ReferenceError'], 1],
    ));

  test('may import each other in a circle', () =>
    expectResult(
      {
        'workflows.ts': `import { isEven } from './even'; export const wf = () => [isEven(7), isEven(8)];`,
        'even.ts': `import { isOdd } from './odd'; export function isEven(n: number): boolean { return n === 0 || isOdd(n - 1); }`,
        'odd.ts': `import { isEven } from './even'; export function isOdd(n: number): boolean { return n !== 0 && isEven(n - 1); } export { isEven } from './even';`,
      },
      [false, true],
    ));

  test('re-export everything but defaults, and one’s own come first', () =>
    expectResult(
      {
        'workflows.ts': `import * as all from './barrel'; export * from './one'; export const wf = () => [Object.keys(all).sort(), all.shared, all.ns.only];`,
        'barrel.ts': `export * from './one'; export * from './two.cjs'; export * as ns from './one'; export const shared = 'barrel';`,
        'one.ts': `export default 1; export const only = 'one'; export const shared = 'one';`,
        'two.cjs': `exports.two = 2;`,
      },
      [['ns', 'only', 'shared', 'two'], 'barrel', 'one'],
    ));

  test('load in the order of their imports, each once', () =>
    expectResult(
      {
        'workflows.ts': `import './b'; import './a'; import { log } from './log'; export const wf = () => log;`,
        'a.ts': `import { log } from './log'; log.push('a');`,
        'b.ts': `import './a'; import { log } from './log'; log.push('b');`,
        'log.ts': `export const log: string[] = [];`,
      },
      ['a', 'b'],
    ));

  test('may declare names that modules are given', () =>
    expectResult(
      {
        'workflows.ts': `
          import { window1 } from './m';
          const self = 'mine'; const [global, { a: b }] = ['too', { a: 'three' }]; class Local {}
          export const wf = () => [self, global, b, typeof globalThis, window1];`,
        'm.ts': `export const global = 1; export const window1 = global;`,
      },
      ['mine', 'too', 'three', 'object', 1],
    ));

  const OWN_NAMES = ['module', 'exports', 'require', 'globalThis', 'global', 'self'];
  const declarations: readonly (readonly [string, (name: string) => string])[] = [
    ['a constant', (name) => `const ${name} = 'own';`],
    ['a variable', (name) => `let ${name} = ''; ${name} = 'own';`],
    ['a pattern', (name) => `const { text: ${name} } = { text: 'own' };`],
    ['a class', (name) => `class ${name} { static toString() { return 'own'; } }`],
    ['a function', (name) => `function ${name}() {} ${name}.toString = () => 'own';`],
    ['an import', (name) => `import { own as ${name} } from './own';`],
  ];
  test.for(declarations)('may declare each name that modules are given, as %s', async ([, declaration]) => {
    for (const name of OWN_NAMES) {
      await expectResult(
        {
          'workflows.ts': `
            import { two } from './two';
            ${declaration(name)}
            export const wf = () => [String(${name}), two];`,
          'two.ts': `${declaration(name)} export const two = [2, String(${name})];`,
          'own.ts': `export const own = 'own';`,
        },
        ['own', [2, 'own']],
      );
    }
  });

  test('import.meta is empty', () =>
    expectResult(
      { 'workflows.ts': `export const wf = () => [typeof import.meta, import.meta.url ?? null];` },
      ['object', null],
    ));
});

describe('CommonJS', () => {
  test('is a default export, and named ones', () =>
    expectResult(
      {
        'workflows.ts': `import lib, { a } from './lib.cjs'; import * as ns from './lib.cjs'; export const wf = () => [lib.a, a, ns.default === lib, ns.a];`,
        'lib.cjs': `module.exports = { a: 1 };`,
      },
      [1, 1, true, 1],
    ));

  test('that was an ES module keeps its default', () =>
    expectResult(
      {
        'workflows.ts': `import def, { a } from './lib.cjs'; export const wf = () => [def, a];`,
        'lib.cjs': `"use strict"; Object.defineProperty(exports, "__esModule", { value: true }); exports.default = 'd'; exports.a = 1;`,
      },
      ['d', 1],
    ));

  test('keeps Node’s rule for importers that are ES modules by package type', () =>
    expectResult(
      {
        'workflows.mts': `import def from './lib.cjs'; export const wf = () => [typeof def, def.default];`,
        'lib.cjs': `Object.defineProperty(exports, "__esModule", { value: true }); exports.default = 'd';`,
      },
      ['object', 'd'],
    ));

  test('may be a function, and require in functions and circles', () =>
    expectResult(
      {
        'workflows.ts': `import make from './make.cjs'; export const wf = () => make();`,
        'make.cjs': `module.exports = () => require('./part.cjs').value(); module.exports.late = 'late';`,
        'part.cjs': `exports.early = 1; const make = require('./make.cjs'); exports.value = () => [make.late, typeof make, this === undefined];`,
      },
      ['late', 'function', false],
    ));

  test('may require what is not there, if it minds', () =>
    expectResult(
      {
        'workflows.ts': `import { found } from './optional.cjs'; export const wf = () => found;`,
        'optional.cjs': `let found = 'nothing'; try { found = require('not-installed'); } catch (error) { found = error.message; } exports.found = found;`,
      },
      `Cannot find module 'not-installed'`,
    ));

  test('may be the workflow file', () =>
    expectResult(
      {
        'workflows.cjs': `const { n } = require('./n.json'); exports.wf = async () => n;`,
        'n.json': `{ "n": 4 }`,
      },
      4,
    ));

  test('may be a package, found by its fields', () =>
    expectResult(
      {
        'workflows.ts': `import main from 'main-only'; import { kind } from 'with-exports/sub'; import scoped from '@scope/pkg'; export const wf = () => [main, kind, scoped];`,
        'node_modules/main-only/package.json': `{ "main": "./lib/m.js" }`,
        'node_modules/main-only/lib/m.js': `module.exports = 'main';`,
        'node_modules/with-exports/package.json': `{ "exports": { "./sub": { "node": "./node.js", "import": "./esm.mjs", "require": "./cjs.cjs" } } }`,
        'node_modules/with-exports/node.js': `module.exports = { kind: 'node' };`,
        'node_modules/with-exports/esm.mjs': `export const kind = 'esm';`,
        'node_modules/with-exports/cjs.cjs': `exports.kind = 'cjs';`,
        'node_modules/@scope/pkg/package.json': `{ "module": "m.mjs" }`,
        'node_modules/@scope/pkg/m.mjs': `export default 'scoped';`,
      },
      ['main', 'esm', 'scoped'],
    ));
});

describe('TypeScript', () => {
  test('enums, const enums, namespaces, parameter properties and import assignments work', () =>
    expectResult(
      {
        'workflows.ts': `
          import data = require('./data.json');
          import { Colour } from './colour';
          const enum Size { Small = 1, Big = 2 }
          namespace Space { export const inside = 'inside'; }
          class Point { constructor(readonly x: number, private y = 2) {} sum() { return this.x + this.y; } }
          export const wf = () => [data.a, Colour.Red, Colour[0], Colour.Blue, Size.Big, Space.inside, new Point(1).sum(), (<T,>(x: T) => x satisfies T)(1)];`,
        'colour.ts': `export enum Colour { Red, Green = 'g"\\n', Blue = 1 << 2 }`,
        'data.json': `{ "a": [1, "b"] }`,
      },
      [[1, 'b'], 0, 'Red', 4, 2, 'inside', 3, 1],
    ));

  test('decorators work, those of the standard and those of old', async () => {
    await expectResult(
      {
        'workflows.ts': `
          const twice = (method: () => number, _context: unknown) => function (this: unknown) { return 2 * method.call(this); };
          class C { @twice value() { return 4; } }
          export const wf = () => new C().value();`,
      },
      8,
    );
    await expectResult(
      {
        'workflows.ts': `
          const named = (target: { names?: string[] }, key: string) => { (target.names ??= []).push(key); };
          class C { @named a = 1; @named b() {} declare names: string[]; }
          export const wf = () => new C().names;`,
        'tsconfig.json': `{ "compilerOptions": { "experimentalDecorators": true } }`,
      },
      ['a', 'b'],
    );
  });

  test('paths of a tsconfig are followed', () =>
    expectResult(
      {
        'workflows.ts': `import { x } from '~/deep/x'; export const wf = () => x;`,
        'lib/deep/x.ts': `export const x = 'x';`,
        'tsconfig.json': `{ "compilerOptions": { "baseUrl": ".", "paths": { "~/*": ["lib/*"] } } }`,
      },
      'x',
    ));

  test('async functions stay async functions, and `using` works', () =>
    expectResult(
      {
        'workflows.ts': `
          export const wf = async () => {
            const log: string[] = [];
            { using resource = { [Symbol.dispose]: () => log.push('disposed') }; log.push(typeof resource); }
            return [...log, Object.prototype.toString.call(wf)];
          };`,
      },
      ['object', 'disposed', '[object AsyncFunction]'],
    ));
});

describe('a bundle', () => {
  const files = {
    'workflows.ts': `import { a } from './a'; export const wf = () => a;`,
    'a.ts': `export const a = 1;`,
  };

  test('is the same bytes wherever its sources lie', async () => {
    const [one, other] = await Promise.all([bundle(files), bundle(files)]);
    expect(other.code).toBe(one.code);
    expect(other.hash).toBe(one.hash);
    expect(one.hash).toMatch(/^[0-9a-f]{16}$/);
  });

  test('has another hash when anything in it is another', async () => {
    const one = await bundle(files);
    const changed = await bundle({ ...files, 'a.ts': `export const a = 2;` });
    const isolated = await bundle(files, { isolation: 'context' });
    expect(new Set([one.hash, changed.hash, isolated.hash]).size).toBe(3);
  });

  test('is named after its file, or as it is told', async () => {
    expect((await bundle(files)).name).toBe('workflows.ts');
    expect((await bundle(files, { name: 'orders' })).name).toBe('orders');
  });

  test('has constants in place of what is defined', async () => {
    const { run } = await realmOf(
      { 'workflows.ts': `export const wf = () => [process.env.NODE_ENV, VERSION];` },
      { define: { VERSION: '"v1"' } },
    );
    expect(run('wf')).toEqual(['production', 'v1']);
  });

  test('has entries for converters and interceptors', async () => {
    const folder = writeFiles({
      'workflows.ts': `export const wf = () => 1;`,
      'payload.ts': `export const payloadConverter = 'payload';`,
      'failure.ts': `throw new Error('loaded');`,
      'log.ts': `export const interceptors = () => ({});`,
    });
    const inFolder = (name: string): string => path.join(folder, name);
    const options = {
      workflowsPath: inFolder('workflows.ts'),
      payloadConverterPath: inFolder('payload'),
      interceptorModules: [inFolder('log.ts'), pathToFileURL(inFolder('log.ts'))],
    };
    const { code } = await bundleWorkflows(options, { engine: FAKE_ENGINE });
    expect(code).toMatch(/"payload-converter":\d+,"interceptor:0":\d+,"interceptor:1":\d+/);
    const broken = await bundleWorkflows(
      { ...options, failureConverterPath: inFolder('failure') },
      { engine: FAKE_ENGINE },
    );
    expect(() => realmFrom(broken)).toThrow(/cannot be loaded: loaded \(.*failure\.ts:1:7\)/);
  });
});
