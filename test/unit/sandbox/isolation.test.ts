// Executions of one realm share a V8 context: what one does to its world, no other may see.
import { describe, expect, test } from 'vitest';
import { realmOf } from './sandbox.ts';

describe('executions of one realm', () => {
  test('each has module state of its own', async () => {
    const { run, realm } = await realmOf({
      'workflows.ts': `
        import { next } from './counter';
        let local = 0;
        export const count = () => [++local, next()];`,
      'counter.ts': `let counter = 10; export const next = () => ++counter;`,
    });
    expect(realm.isolation).toBe('shared');
    expect(run('count')).toEqual([1, 11]);
    expect(run('count')).toEqual([1, 11]);
  });

  test('module state lives as long as its execution', async () => {
    const { start } = await realmOf(`
      let turns = 0;
      export async function count() {
        turns++;
        await new Promise((resolve) => setTimeout(resolve, 10));
        return ++turns;
      }`);
    const [one, other] = [start(), start()];
    one.begin('count');
    other.begin('count');
    expect(one.fire(1)).toMatchObject({ commands: [{ kind: 'completeWorkflow', result: '2' }] });
    expect(other.fire(1)).toMatchObject({ commands: [{ kind: 'completeWorkflow', result: '2' }] });
  });

  test.for([
    [
      'a function that keeps something on itself',
      `export function memo() { memo.n = (memo.n ?? 0) + 1; return memo.n; }`,
    ],
    [
      'a private function that does so',
      `function keep() { keep.n = (keep.n ?? 0) + 1; return keep.n; } export const memo = () => keep();`,
    ],
    [
      'a function that is replaced',
      `function f() { return 1; } export function memo() { const n = f(); f = () => n + 1; return n; }`,
    ],
    [
      'a function replaced by destructuring',
      `function f() { return 1; } export function memo() { const n = f(); [f] = [() => n + 1]; return n; }`,
    ],
    ['a static field', `class C { static n = 0; } export const memo = () => ++C.n;`],
    [
      'a static field that a method declares',
      `class C { static up() { this.n = (this.n ?? 0) + 1; return this.n; } } export const memo = () => { try { return C.up(); } catch { return 1; } };`,
    ],
    [
      'a table',
      `const table = {}; export const memo = () => { table.n = (table.n ?? 0) + 1; return table.n; };`,
    ],
    [
      'a closure',
      `const next = (() => { let n = 0; return () => ++n; })(); export const memo = () => next();`,
    ],
    [
      'a regular expression that remembers',
      `const r = /a/g; export const memo = () => { r.test('aa'); return r.lastIndex; };`,
    ],
    ['an exported binding', `export let n = 0; export const memo = () => ++n;`],
    [
      'a constant table under another name',
      `const table = { n: 0 }; export const memo = () => { const t = table; t.n += 1; return t.n; };`,
    ],
    [
      'a constant table in the hands of others',
      `const table = { n: 0 }; const up = (t) => ++t.n; export const memo = () => up(table);`,
    ],
    [
      'what a constant table holds',
      `const table = { list: [] }; export const memo = () => table.list.push(1);`,
    ],
    ['a constant list', `const list = ['a']; export const memo = () => list.push('b') - 1;`],
    [
      'an enumeration',
      `enum E { A } export const memo = () => { try { E['n'] = (E['n'] ?? 0) + 1; return E['n']; } catch { return 1; } };`,
    ],
    [
      'a prototype',
      `class C {} export const memo = () => { try { C.prototype.n = (C.prototype.n ?? 0) + 1; return C.prototype.n; } catch { return 1; } };`,
    ],
  ] as const)('%s is not shared', async ([, text]) => {
    const { run } = await realmOf({
      'workflows.ts': `import { memo } from './state'; export const wf = () => memo();`,
      [text.startsWith('enum') ? 'state.ts' : 'state.js']: text,
      'package.json': `{ "type": "module" }`,
    });
    expect(run('wf')).toBe(1);
    expect(run('wf')).toBe(1);
  });

  test('each has a global object of its own', async () => {
    const { run } = await realmOf(`
      export const leave = () => { globalThis.trace = 1; global.trace2 = 2; self['trace3'] = 3; return [globalThis.trace, self.trace2, global.trace3]; };
      export const look = () => ['trace', 'trace2', 'trace3'].filter((name) => name in globalThis);`);
    expect(run('leave')).toEqual([1, 2, 3]);
    expect(run('look')).toEqual([]);
  });

  test('what one replaces on its global object is its own', async () => {
    const { run } = await realmOf(`
      export const replace = () => { globalThis.Date = class { static now() { return 1; } }; return Date.now(); };
      export const look = () => Date.now();`);
    expect(run('replace')).toBe(1);
    expect(run('look')).toBe(Date.UTC(2030, 0, 1));
  });

  test('prototypes and intrinsics are frozen', async () => {
    const { run } = await realmOf(`
      const attempts = {
        push: () => { Array.prototype.push = () => 0; },
        then: () => { Promise.prototype.then = () => 0; },
        added: () => { Object.prototype.added = 1; },
        parse: () => { JSON.parse = () => 0; },
        define: () => { Object.defineProperty(Map.prototype, 'get', { value: () => 0 }); },
        iterator: () => { Object.getPrototypeOf([][Symbol.iterator]()).next = () => ({ done: true }); },
        generator: () => { Object.getPrototypeOf(function* () {}).constructor = 1; },
        url: () => { URL.prototype.toString = () => ''; },
        error: () => { Error.captureStackTrace = 1; },
        swap: () => { Object.setPrototypeOf(Array.prototype, null); },
      };
      export const attack = () => Object.keys(attempts).filter((name) => {
        try { attempts[name](); return true; } catch (error) { return !(error instanceof TypeError); }
      });
      export const look = () => { const a = []; a.push(1); return [a, 'added' in {}, new Map([[1, 2]]).get(1), String(new URL('http://a'))]; };`);
    expect(run('attack')).toEqual([]);
    expect(run('look')).toEqual([[1], false, 2, 'http://a/']);
  });

  test('what segments inherit from is frozen for whoever makes the first ones', async () => {
    const { run } = await realmOf(`
      const { segment } = Intl.Segmenter.prototype;
      const parts = (make: typeof segment) => {
        const segments = make.call(new Intl.Segmenter('en', { granularity: 'word' }), 'a b');
        return [segments, segments[Symbol.iterator]()].map((one) => Object.getPrototypeOf(one));
      };
      export const attack = () => [segment, Intl.Segmenter.prototype.segment].flatMap(parts).filter((prototype) => {
        try { prototype.added = 1; return true; } catch (error) { return !(error instanceof TypeError); }
      }).length;
      export const look = () => {
        const words = [...new Intl.Segmenter('en', { granularity: 'word' }).segment('a b')].map((word) => word.segment);
        const method = Intl.Segmenter.prototype.segment;
        return [words, parts(segment).some((prototype) => 'added' in prototype), method.name, method.length, 'prototype' in method];
      };`);
    expect(run('attack')).toBe(0);
    expect(run('look')).toEqual([['a', ' ', 'b'], false, 'segment', 1, false]);
  });

  test('nothing of the last match of a regular expression is left to the next execution', async () => {
    const { run } = await realmOf(`
      export const leave = () => /s(ecret)/.exec('secret')?.[1];
      export const look = () => [RegExp.$1, RegExp.lastMatch, RegExp['$\`']];`);
    expect(run('leave')).toBe('ecret');
    expect(run('look')).toEqual(['', '', '']);
  });

  test('the stack trace limit that one sets is gone in the next turn', async () => {
    const { run } = await realmOf(`
      export const leave = () => { Error.stackTraceLimit = 0; return 1; };
      export const look = () => new Error('x').stack.split('\\n').length > 1;`);
    run('leave');
    expect(run('look')).toBe(true);
  });

  test('many of them take turns with one another', async () => {
    const { start } = await realmOf(`
      let sum = 0;
      export async function add(step: number) {
        for (let i = 0; i < 3; i++) { sum += step; await new Promise((resolve) => setTimeout(resolve, 1)); }
        return sum;
      }`);
    const executions = Array.from({ length: 50 }, start);
    executions.forEach((execution, i) => execution.begin('add', i));
    for (const seq of [1, 2]) for (const execution of executions) execution.fire(seq);
    const results = executions.map((execution) => execution.fire(3));
    expect(results).toMatchObject(executions.map((_, i) => ({ commands: [{ result: String(3 * i) }] })));
  });
});
