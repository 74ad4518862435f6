// Which modules executions may share, statement by statement.
import { transform } from 'esbuild';
import { describe, expect, test } from 'vitest';
import { statelessNames } from '../../../src/bundle/stateless.ts';
import { tokenize } from '../../../src/bundle/tokens.ts';

async function names(text: string, loader: 'ts' | 'js' = 'ts'): Promise<readonly string[] | undefined> {
  const { code } = await transform(text, { format: 'cjs', loader, target: 'node20.19', platform: 'neutral' });
  return statelessNames({ code, tokens: tokenize(code), isStrict: true });
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
    ['an instance', `export const m = new Map();`],
    ['a call', `export const c = make(); function make() { return {}; }`],
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
