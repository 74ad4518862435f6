// Which modules executions may share, statement by statement.
import { transform } from 'esbuild';
import { describe, expect, test } from 'vitest';
import { statelessNames } from '../../../src/bundle/stateless.ts';
import { tokenize } from '../../../src/bundle/tokens.ts';

async function names(text: string, loader: 'ts' | 'js' = 'ts'): Promise<readonly string[] | undefined> {
  const { code } = await transform(text, { format: 'cjs', loader, target: 'node20.19', platform: 'neutral' });
  return statelessNames({
    code,
    tokens: tokenize(code),
    isStrict: true,
    trusted: new Set(['import_workflow', 'wf']),
  });
}

describe('has no state:', () => {
  test.for([
    [
      'functions',
      `export function a() { let n = 0; return () => ++n; } async function b() {} function* c() {}`,
      ['a', 'b', 'c'],
    ],
    [
      'arrow functions',
      `export const a = () => 1; const b = async (x: number) => { x++; return x; }, c = (y) => y;`,
      ['a', 'b', 'c'],
    ],
    [
      'literals',
      `export const a = 1, b = 'x', c = -2.5, d = true, e = null, f = 10n, g = \`t\`, h = undefined, i = void 0, j = /x/i;`,
      [...'abcdefghij'],
    ],
    [
      'classes',
      `export class A { #x = []; y = 1; static m() { return new A(); } get z() { return this.#x; } *[Symbol.iterator]() {} }`,
      ['A'],
    ],
    [
      'derived classes',
      `import { B } from './b'; export class A extends B { constructor() { super(); this.z = 1; } z: number; } class C extends Error {}`,
      ['A', 'C'],
    ],
    ['enumerations', `export enum E { A, B = 5, C = 'c' } enum F { 'x-y' = -1 }`, ['E', 'F']],
    ['symbols', `export const s = Symbol('s'), t = Symbol.for('t');`, ['s', 't']],
    [
      'imports and re-exports',
      `import a, { b } from './a'; import * as c from './c'; import './d'; export * from './e'; export { f } from './f'; export const g = () => [a, b, c];`,
      ['c', 'g'],
    ],
    ['a default export', `export default (a: number) => a;`, ['stdin_default']],
    [
      'definitions of the workflow package',
      `import { defineQuery, defineSignal, proxyActivities } from '@x/workflow';
       import { MINUTES } from './times';
       import type * as activities from './activities';
       const RETRIES = 5;
       const { charge, ship: send } = proxyActivities<typeof activities>({
         startToCloseTimeout: MINUTES, retry: { maximumAttempts: RETRIES, nonRetryableErrorTypes: ['A', \`b\`], backoffCoefficient: 1.5 },
       });
       export const go = defineSignal<[string]>('go'), state = defineQuery<string>('state');`,
      ['RETRIES', 'charge', 'send', 'go', 'state'],
    ],
    [
      'definitions by the name of the package',
      `import * as wf from '@x/workflow'; const acts = wf.proxyActivities({ heartbeatTimeout: -1, taskQueue: undefined });`,
      ['wf', 'acts'],
    ],
    [
      'literals that are only read',
      `const FLAT = { a: 1, b: 'x' }, LIST = ['a', 'b'] as const;
       export const f = (key) => [FLAT.a, FLAT[key], { ...FLAT }, LIST.length, LIST[0], LIST.includes(key), key in FLAT, Object.keys(FLAT)];
       export const g = () => { for (const x of LIST) f(x); };`,
      ['FLAT', 'LIST', 'f', 'g'],
    ],
    [
      'literals that activities are called with, or defined with',
      `import * as wf from '@x/workflow'; const RETRY = { maximumAttempts: 1, nonRetryableErrorTypes: ['A'] }, INPUT = { deep: { er: [1] } };
       const { step } = wf.proxyActivities({ retry: RETRY }), acts = wf.proxyActivities({ retry: RETRY });
       export const f = async () => [await step(INPUT), await acts.step(1, INPUT)];`,
      ['wf', 'RETRY', 'INPUT', 'step', 'acts', 'f'],
    ],
    ['types', `export interface A { b: string } export type C = A; declare const d: number;`, []],
    ['aliases', `import { a } from './a'; function b() {} export const c = b, d = a;`, ['b', 'c', 'd']],
  ] as const)('%s', async ([, text, expected]) => {
    expect(await names(text)).toEqual(expected);
  });
});

describe('may have state:', () => {
  test.for([
    ['a variable that changes', `let n = 0; export const f = () => ++n;`],
    ['a variable that changes elsewhere', `let n = 0; export function f() { n = 2; }`],
    ['an object', `export const o = {};`],
    ['an array', `export const a = [];`],
    ['an object that is handed on', `const o = { a: 1 }; export const f = (g) => g(o);`],
    ['an object that is handed to a method', `const o = { a: 1 }; export const f = (g) => g.h(1, o);`],
    ['an object with another name', `const o = { a: 1 }; export const f = () => { const p = o; p.a = 2; };`],
    ['an object that is returned', `const o = { a: 1 }; export const f = () => o;`],
    ['an object that is written to', `const o = { a: 1 }; export const f = () => { o.a += 1; };`],
    ['a list that grows', `const list = ['a']; export const f = () => list.push('b');`],
    ['a list that is sorted', `const list = ['a']; export const f = () => list.sort();`],
    ['what an object holds', `const o = { a: [] }; export const f = () => o.a.push(1);`],
    ['what an object holds, spread', `const o = { a: [] }; export const f = () => ({ ...o }).a.push(1);`],
    ['an object in an object', `const o = { a: 1 }, p = { o }; export const f = () => p;`],
    [
      'an object in a nested argument',
      `import * as wf from './workflow'; const o = { a: 1 }; const { step } = wf.proxyActivities({ taskQueue: 'q' }); export const f = (g) => step(g({ o }));`,
    ],
    ['an object with a method', `const o = { f() {} }; export const f = () => o.f();`],
    ['an object with a function', `const o = { n: 0, f: () => 1 }; export const f = () => ({ ...o });`],
    ['an object with a computed value', `const o = { a: Math.random() }; export const f = () => o.a;`],
    ['an object with a prototype', `const o = { __proto__: { a: 1 } }; export const f = () => o.a;`],
    ['an object that is compared', `const o = { a: 1 }; export const f = (x) => x === o;`],
    ['an instance', `export const m = new Map();`],
    ['a call', `export const c = make(); function make() { return {}; }`],
    [
      'a definition of another package',
      `import { defineSignal } from './workflow-2'; export const s = defineSignal('s');`,
    ],
    [
      'another function of the package',
      `import { proxySinks } from './workflow'; export const s = proxySinks();`,
    ],
    [
      'a definition with a call',
      `import { defineSignal } from './workflow'; const s = defineSignal(String(Math.random()));`,
    ],
    [
      'options that are computed',
      `import { proxyActivities } from './workflow'; const { a } = proxyActivities({ taskQueue: queue() }); function queue() { return 'q'; }`,
    ],
    [
      'options that are spread',
      `import { proxyActivities } from './workflow'; const { a } = proxyActivities({ ...options }); function options() {}`,
    ],
    [
      'a function among the options',
      `import { proxyActivities } from './workflow'; const { a } = proxyActivities({ on: () => 1 });`,
    ],
    [
      'a method among the options',
      `import { proxyActivities } from './workflow'; const { a } = proxyActivities({ on() {} });`,
    ],
    [
      'what follows a definition',
      `import { defineSignal } from './workflow'; const s = defineSignal('s').name.concat('x');`,
    ],
    [
      'a pattern with a default',
      `import { proxyActivities } from './workflow'; const { a = {} } = proxyActivities({ taskQueue: 'q' });`,
    ],
    [
      'the rest of a pattern',
      `import { proxyActivities } from './workflow'; const { a, ...rest } = proxyActivities({ taskQueue: 'q' });`,
    ],
    [
      'a property of an activity',
      `import { proxyActivities } from './workflow'; const { a } = proxyActivities({ taskQueue: 'q' }); export const f = () => { a.calls = 1; };`,
    ],
    ['a function called at once', `export const f = (() => { let n = 0; return () => ++n; })();`],
    ['a function expression called at once', `export const f = function () { return {}; }();`],
    ['a computed value', `export const n = Math.max(1, 2);`],
    ['a template', 'export const t = `${Date.now()}`;'],
    ['a regular expression with a position', `export const r = /x/y;`],
    ['a static field', `export class A { static n = 0; }`],
    ['a static block', `export class A { static { A.prototype; } }`],
    ['a computed member', `export class A { [name()]() {} } function name() { return 'x'; }`],
    ['a computed base', `export class A extends mixin(Object) {} function mixin(x) { return x; }`],
    ['a property of a function', `function f() { f.n = 1; } export { f };`],
    ['an element of a function', `function f() { f['n'] ??= 1; } export { f };`],
    ['a deeper property', `class A {} export const f = () => { A.prototype.x.y++; };`],
    ['a deleted property', `function f() { delete f.x; } export { f };`],
    ['a defined property', `function f() { Object.defineProperty(f, 'x', {}); } export { f };`],
    ['assigned properties', `function f() { Object.assign(f, { x: 1 }); } export { f };`],
    ['a replaced function', `function f() {} export const g = () => { f = () => 1; };`],
    ['a destructured assignment', `let a = 1; export const g = () => { [a] = [2]; };`],
    ['a destructured object assignment', `let a = 1; export const g = () => { ({ x: a } = { x: 2 }); };`],
    ['a loop’s variable', `let a = 1; export const g = (list) => { for (a of list) ; };`],
    ['the global object', `export const g = () => globalThis.x;`],
    ['an effect', `console.log('loaded'); export const a = 1;`],
    ['a decorator', `const d = (x: unknown) => x as never; @d export class A {}`],
    ['a condition', `if (Math) { } export const a = 1;`],
    ['a namespace', `export namespace N { export const a = 1; }`],
  ] as const)('%s', async ([, text]) => {
    expect(await names(text)).toBeUndefined();
  });
});

test('CommonJS of TypeScript may be shared too', async () => {
  const text = `"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.b = exports.a = void 0;
exports.f = f;
const x_1 = require("./x");
function f() { return (0, x_1.y)(); }
const a = 1;
exports.a = a;
`;
  expect(await names(text, 'js')).toEqual(['x_1', 'f', 'a']);
  expect(await names(`${text}exports.g = () => { exports.a = 2; };`, 'js')).toBeUndefined();
});
