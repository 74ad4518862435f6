// Code that cannot share a frozen context gets one per execution; code that can, does not.
import { describe, expect, test } from 'vitest';
import { realmOf } from './sandbox.ts';

describe('code that shares a context', () => {
  test('may polyfill what is missing', async () => {
    const { run, realm, lines } = await realmOf(`
      if (!Array.prototype.second) Array.prototype.second = function () { return this[1]; };
      Symbol.mine ??= Symbol('mine');
      export const wf = () => [[1, 2].second(), typeof Symbol.mine];`);
    expect([realm.isolation, lines]).toEqual(['shared', []]);
    expect(run('wf')).toEqual([2, 'symbol']);
  });

  test('may read bare what it put on globalThis', async () => {
    const { run, realm } = await realmOf({
      'workflows.ts': `
        import './polyfill';
        let mine = 0;
        export const wf = () => [answer(), typeof answer, mine++, (() => { const answer = 3; return answer; })()];
        export const window1 = () => { self.window = globalThis; return window === globalThis; };`,
      'polyfill.js': `globalThis.answer = () => 42;`,
    });
    expect(realm.isolation).toBe('shared');
    expect(run('wf')).toEqual([42, 'function', 0, 3]);
    expect(run('wf')).toEqual([42, 'function', 0, 3]);
    expect(run('window1')).toBe(true);
  });

  test('may ask for the global object the old way', async () => {
    const { run, realm } = await realmOf({
      'workflows.ts': `import { root } from './root.cjs'; export const wf = () => [root === globalThis, typeof root.Map];`,
      'root.cjs': `exports.root = Function('return this')(); exports.other = new Function("return this")();`,
    });
    expect(realm.isolation).toBe('shared');
    expect(run('wf')).toEqual([true, 'function']);
  });
});

describe('code that cannot', () => {
  test.for([
    ['assigns to undeclared names', `counter = 1; exports.read = () => counter;`, 'counter'],
    [
      'takes the global object for `this`',
      `(function () { this.counter = 1; })(); exports.read = () => counter;`,
      'counter',
    ],
    [
      'replaces an intrinsic whenever it is loaded',
      `'use strict'; Array.prototype.at = function () { return 1; }; exports.read = () => [2].at(0);`,
      'at',
    ],
  ] as const)('%s: one context each, and one line that names the file', async ([, text, reason]) => {
    const { run, realm, lines } = await realmOf({
      'workflows.ts': `import { read } from './lib/old.cjs'; let n = 0; export const wf = () => [read(), ++n];`,
      'lib/old.cjs': `// A comment.\n${text}`,
    });
    expect(realm.isolation).toBe('context');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/isolation 'context'.*lib\/old\.cjs:2:\d+: /);
    expect(lines[0]).toContain(reason);
    expect(run('wf')).toEqual([1, 1]);
    expect(run('wf')).toEqual([1, 1]);
  });

  test('is isolated all the same', async () => {
    const { run, start } = await realmOf(
      `export const leave = () => { Array.prototype.at = () => 7; globalThis.trace = 1; return [].at(1); };
       export const look = () => [[1].at(0), typeof trace, Math.random(), Date.now() > 0];
       export async function wait() { await new Promise((resolve) => setTimeout(resolve, 1)); return 'done'; }`,
      { isolation: 'context' },
    );
    expect(run('leave')).toBe(7);
    expect(run('look')).toEqual([1, 'undefined', 0.001, true]);
    const execution = start();
    execution.begin('wait');
    run('leave');
    expect(execution.fire(1)).toMatchObject({ commands: [{ result: '"done"' }] });
  });

  test('says nothing when it was asked for', async () => {
    const { realm, lines } = await realmOf(`export const wf = () => 1;`, { isolation: 'context' });
    expect([realm.isolation, lines]).toEqual(['context', []]);
  });

  test('still fails its turns and its loading like other code', async () => {
    const { fail } = await realmOf(`export const wf = () => { Promise.reject(new Error('lost')); };`, {
      isolation: 'context',
    });
    expect(fail('wf').message).toContain('lost');
    await expect(realmOf(`throw new Error('no');`, { isolation: 'context' })).rejects.toMatchObject({
      name: 'RealmError',
    });
  });
});
