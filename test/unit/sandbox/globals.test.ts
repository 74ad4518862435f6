// What workflow code finds in the global scope: the language, a virtual clock and chance, nothing of the host.
import { describe, expect, test } from 'vitest';
import { NOW, realmOf } from './sandbox.ts';

describe('determinism', () => {
  test('the clock is the turn’s', async () => {
    const { run } = await realmOf(`
      export const clock = () => [Date.now(), new Date().getTime(), +new Date(Date()), performance.now(), Number(new (class extends Date {})())];`);
    expect(run('clock')).toEqual([NOW, NOW, NOW, NOW, NOW]);
  });

  test('the clock has no back door', async () => {
    const { run } = await realmOf(`
      export const doors = () => {
        const format = new Intl.DateTimeFormat('en', { year: 'numeric', timeZone: 'UTC' });
        return [
          new Date(0).constructor === Date,
          format.format(),
          format.formatToParts()[0]?.value,
          new Date(2020, 1, 2, 3).getMonth(),
        ];
      };`);
    expect(run('doors')).toEqual([true, '2030', '2030', 1]);
  });

  test('random numbers are the run’s', async () => {
    const { run } = await realmOf(`export const draw = () => [Math.random(), Math.random()];`);
    expect(run('draw')).toEqual([0.001, 0.002]);
    expect(run('draw')).toEqual([0.001, 0.002]);
  });

  test('garbage collection cannot be watched', async () => {
    const { run } = await realmOf(`
      const name = (fn) => { try { fn(); return 'nothing'; } catch (error) { return error.name; } };
      export const watch = () => [name(() => new WeakRef({})), name(() => new FinalizationRegistry(() => {}))];`);
    expect(run('watch')).toEqual(['DeterminismViolationError', 'DeterminismViolationError']);
  });

  test('what Node has and workflows have not is not there', async () => {
    const names = [
      'process',
      'require',
      'module',
      'Buffer',
      'fetch',
      'setInterval',
      'setImmediate',
      'WebAssembly',
      'SharedArrayBuffer',
      'Atomics',
      '__dirname',
      'crypto',
    ];
    const { run } = await realmOf(`
      export const look = (names: string[]) => names.filter((name) => name in globalThis);
      export const types = () => [typeof process, typeof Buffer, typeof fetch, typeof setImmediate];`);
    expect(run('look', names)).toEqual([]);
    expect(run('types')).toEqual(['undefined', 'undefined', 'undefined', 'undefined']);
  });

  test('timers and random numbers are refused while modules are loaded', async () => {
    await expect(realmOf(`setTimeout(() => {}, 1); export const wf = () => 1;`)).rejects.toThrow(
      /setTimeout is not available while modules are loaded.*workflows\.ts:1:1/,
    );
  });
});

describe('the host', () => {
  /** Each tries to make a function from text with whatever it gets hold of. */
  const ESCAPES: Readonly<Record<string, string>> = {
    'the global object': `globalThis.constructor.constructor('return process')()`,
    'a global class': `URL.constructor('return process')()`,
    'a virtual function': `Date.now.constructor('return process')()`,
    'the console': `console.log.constructor('return process')()`,
    'a caught overflow': `(() => { const f = () => f(); try { f(); } catch (error) { return error.constructor.constructor('return process')(); } })()`,
    'an async function': `(async () => {}).constructor('return process')()`,
    'a generator': `(function* () {}).constructor('return process')().next()`,
    'a rejected promise': `Promise.reject(1).catch(() => {}).constructor.constructor('return process')()`,
    'a stack’s call sites': `(() => { Error.prepareStackTrace = (_, sites) => sites; const sites = new Error('x').stack; return sites[0].getThis().constructor.constructor('return process')(); })()`,
    'the module record': `module.constructor.constructor('return process')()`,
    'the module’s require': `require.constructor('return process')()`,
    'a caller': `(function f() { return f.caller.constructor('return process')(); })()`,
    'its arguments': `(function () { return arguments.callee.caller.arguments[0].constructor.constructor('return process')(); })()`,
    'a getter that the host reads': `(() => { throw { get message() { return this.constructor.constructor('return process')(); } }; })()`,
  };

  test.for(Object.entries(ESCAPES))('cannot be reached by %s', async ([, escape]) => {
    const { run } = await realmOf({
      'workflows.ts': `
        import { attempt } from './hostile.cjs';
        export const wf = () => { try { return ['reached', typeof attempt().pid]; } catch (error) { return [error instanceof Error || typeof error]; } };`,
      'hostile.cjs': `exports.attempt = () => ${escape};`,
    });
    expect(run('wf')).not.toContain('reached');
  });

  test('gives no object to a turn', async () => {
    const { run } = await realmOf(`
      const roots = [globalThis, Object, Function, Promise, Error];
      export const wf = () => {
        const seen = new Set();
        const strangers: string[] = [];
        const visit = (value: unknown, path: string) => {
          if ((typeof value !== 'object' && typeof value !== 'function') || value === null || seen.has(value)) return;
          seen.add(value);
          if (!(value instanceof Object) && Object.getPrototypeOf(value) !== null) strangers.push(path);
          for (const key of Reflect.ownKeys(value)) {
            const descriptor = Reflect.getOwnPropertyDescriptor(value, key);
            for (const part of [descriptor?.value, descriptor?.get, descriptor?.set]) visit(part, path + '.' + String(key));
          }
          visit(Object.getPrototypeOf(value), path + '.__proto__');
        };
        roots.forEach((root, i) => visit(root, String(i)));
        for (const name of Reflect.ownKeys(Object.getPrototypeOf(globalThis))) visit(Reflect.get(globalThis, name), String(name));
        visit(new Error('x'), 'error');
        visit(Promise.resolve(), 'promise');
        return [strangers, seen.size > 500];
      };`);
    expect(run('wf')).toEqual([[], true]);
  });
});

describe('globals beyond the language', () => {
  test('are there, lazily', async () => {
    const { run } = await realmOf(`
      export const wf = () => [
        new URL('https://user@example.org:8080/a?b=c#d').searchParams.get('b'),
        new TextDecoder().decode(new TextEncoder().encode('äöü')),
        new AbortController().signal.aborted,
        structuredClone({ a: [new Date(0)] }).a[0].getTime(),
        typeof queueMicrotask,
        typeof Symbol.dispose,
      ];`);
    expect(run('wf')).toEqual(['c', 'äöü', false, 0, 'function', 'symbol']);
  });

  test('an abort signal tells its listeners', async () => {
    const { run } = await realmOf(`
      export const wf = () => {
        const seen: unknown[] = [];
        const controller = new AbortController();
        controller.signal.addEventListener('abort', (event) => seen.push(event.type));
        AbortSignal.any([controller.signal]).onabort = () => seen.push('any');
        controller.abort('why');
        return [...seen, controller.signal.reason];
      };`);
    expect(run('wf')).toEqual(['abort', 'any', 'why']);
  });
});

describe('overriding what is frozen', () => {
  test('works on derived objects and classes', async () => {
    const { run } = await realmOf(`
      class Named extends Error { constructor() { super('m'); this.name = 'Named'; this.message = 'mine'; this.stack = 's'; } }
      class Shown { toString() { return 'shown'; } }
      export const wf = () => {
        const plain: any = {}; plain.toString = () => 'plain'; plain.constructor = 1; plain.valueOf = () => 7;
        function Old(this: any) {} Old.prototype.constructor = Old; Old.prototype.toString = () => 'old';
        const list: any = []; list.toString = () => 'list';
        const error = new Error('x'); error.name = 'Renamed'; error.message = 'y';
        const named = new Named();
        return [String(plain), plain.constructor, +plain, String(new (Old as any)()), String(list), String(error), named.name, named.message, named.stack, String(new Shown()), Object.keys(plain)];
      };`);
    expect(run('wf')).toEqual([
      ...['plain', 1, 7, 'old', 'list', 'Renamed: y', 'Named', 'mine', 's', 'shown'],
      ['toString', 'constructor', 'valueOf'],
    ]);
  });
});

describe('async context', () => {
  test('follows awaits and thens, and stays within its execution', async () => {
    const { start } = await realmOf(`
      const storage = new AsyncLocalStorage();
      export async function wf(name: string) {
        return storage.run(name, async () => {
          await new Promise((resolve) => setTimeout(resolve, 1));
          const afterTimer = storage.getStore();
          const inThen = await Promise.resolve().then(() => storage.getStore());
          const inner = await storage.run('inner', async () => { await null; return storage.getStore(); });
          return [afterTimer, inThen, inner, storage.getStore()];
        });
      }
      export const outside = () => String(storage.getStore());`);
    const [one, other] = [start(), start()];
    one.begin('wf', 'one');
    other.begin('wf', 'other');
    expect(one.fire(1)).toMatchObject({ commands: [{ result: '["one","one","inner","one"]' }] });
    expect(start().run('outside')).toBe('undefined');
    expect(other.fire(1)).toMatchObject({ commands: [{ result: '["other","other","inner","other"]' }] });
  });
});
