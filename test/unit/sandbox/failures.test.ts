// What workflow code may do wrong while a turn is on, and what the process hears of it: nothing.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createRealm } from '../../../src/actors/sandbox/index.ts';
import { bundle, realmOf } from './sandbox.ts';

describe('a rejection that nobody handles', () => {
  const heard = vi.fn();
  beforeEach(() => {
    heard.mockReset();
    process.on('unhandledRejection', heard);
  });
  afterEach(() => {
    process.off('unhandledRejection', heard);
    expect(heard).not.toHaveBeenCalled();
  });

  const macrotask = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  test.for([
    ['at once', `Promise.reject(new Error('lost'));`],
    [
      'some awaits later',
      `(async () => { await null; await null; await null; throw new Error('lost'); })();`,
    ],
    ['in a microtask', `queueMicrotask(() => { throw new Error('lost'); });`],
    ['of a promise without a prototype', `Object.setPrototypeOf(Promise.reject(new Error('lost')), null);`],
    ['of a derived promise', `class P extends Promise {} P.reject(new Error('lost'));`],
    [
      'by an event listener',
      `const t = new EventTarget(); t.addEventListener('e', () => { throw new Error('lost'); }); t.dispatchEvent(new Event('e'));`,
    ],
  ] as const)('fails the turn: %s', async ([, code]) => {
    const { fail } = await realmOf(`export const wf = () => { ${code} return 1; };`);
    expect(fail('wf')).toMatchObject({
      message: 'Unhandled Promise rejection: Error: lost',
      info: { kind: 'application', type: 'UnhandledRejectionError' },
      cause: { message: 'lost', info: { type: 'Error' } },
    });
    await macrotask();
  });

  test.for([
    ['undefined', `undefined`, 'undefined'],
    ['a string', `'text'`, 'text'],
    ['a symbol', `Symbol('s')`, 'Symbol(s)'],
    [
      'an object that cannot be read',
      `{ get message() { throw 1; }, get name() { throw 2; }, get stack() { throw 3; } }`,
      'a value of type object was thrown',
    ],
  ] as const)('fails the turn whatever the reason: %s', async ([, reason, message]) => {
    const { fail } = await realmOf(`export const wf = () => { Promise.reject(${reason}); };`);
    expect(fail('wf').message).toContain(message);
    await macrotask();
  });

  test('is none when it is handled later in the same turn', async () => {
    const { run } = await realmOf(`
      export async function wf() {
        const lost = Promise.reject(new Error('late'));
        for (let i = 0; i < 50; i++) await null;
        return lost.catch((error) => error.message);
      }`);
    expect(run('wf')).toBe('late');
    await macrotask();
  });

  test('comes to light in the turn in which it happens', async () => {
    const { start } = await realmOf(`
      export async function wf() {
        void new Promise((resolve) => setTimeout(resolve, 1)).then(() => { throw new Error('second turn'); });
        await new Promise(() => {});
      }`);
    const execution = start();
    expect(execution.begin('wf').kind).toBe('ok');
    expect(execution.fire(1)).toMatchObject({
      kind: 'failed',
      failure: { cause: { message: 'second turn' } },
    });
    await macrotask();
  });

  test('is not the next execution’s', async () => {
    const { fail, run } = await realmOf(`
      export const bad = () => { Promise.reject(new Error('bad')); throw new Error('and thrown'); };
      export const good = () => 'good';`);
    expect(fail('bad').message).toContain('bad');
    expect(run('good')).toBe('good');
    await macrotask();
  });

  test('while modules are loaded makes the bundle unusable', async () => {
    await expect(
      realmOf(`Promise.reject(new Error('top level')); export const wf = () => 1;`),
    ).rejects.toMatchObject({
      name: 'RealmError',
      reason: 'top level',
    });
    await macrotask();
  });
});

test('a rejection of the host’s own goes to the process as ever, also while realms exist', async () => {
  const { run } = await realmOf(`export const wf = () => 1;`);
  const others = process.listeners('unhandledRejection');
  process.removeAllListeners('unhandledRejection');
  try {
    const heard = new Promise((resolve) => process.once('unhandledRejection', resolve));
    void Promise.reject(new Error('the host’s'));
    run('wf');
    await expect(heard).resolves.toMatchObject({ message: 'the host’s' });
  } finally {
    for (const listener of others) process.on('unhandledRejection', listener);
  }
});

describe('a stack overflow', () => {
  test.for([
    ['in a plain function', `const f = (): number => 1 + f(); return f();`],
    ['in async functions', `const f = async (): Promise<number> => 1 + (await f()); return f();`],
    [
      'in promise reactions',
      `const f = (): unknown => Promise.resolve(f()); return Promise.resolve().then(f);`,
    ],
  ] as const)('%s is an error of the turn, and the next execution runs', async ([, body]) => {
    const { run } = await realmOf(`
      export const wf = () => { ${body} };
      export const good = () => 'good';`);
    expect(() => run('wf')).toThrow('Maximum call stack size exceeded');
    expect(run('good')).toBe('good');
  });
});

describe('an error', () => {
  test('that the engine lets out fails the turn', async () => {
    const { fail, run } = await realmOf(`export const good = () => 'good';`);
    expect(fail('missing')).toMatchObject({
      message: `no workflow 'missing'`,
      source: 'TypeScriptSDK',
      info: { kind: 'application', type: 'TypeError', nonRetryable: false },
    });
    expect(run('good')).toBe('good');
  });

  test('of a module that throws when it is loaded names file and reason', async () => {
    await expect(
      realmOf({
        'workflows.ts': `import './lib/broken'; export const wf = () => 1;`,
        'lib/broken.ts': `export interface Filler {\n  a: string;\n}\n\nthrow new Error('cannot load');`,
      }),
    ).rejects.toMatchObject({
      name: 'RealmError',
      reason: 'cannot load',
      file: expect.stringMatching(/lib\/broken\.ts:5:7$/) as unknown,
    });
  });

  test('is told of a module that does not end when it is loaded, in both sorts of realm', async () => {
    const endless = 'let n = 0; try { for (;;) n += 1; } finally { n = 0; } export const wf = () => n;';
    for (const isolation of ['auto', 'context'] as const) {
      const code = await bundle(endless, { isolation });
      expect(() => createRealm(code, { loadLimitMs: 50 })).toThrow('loading it takes longer than 50 ms');
    }
  });

  test('has a stack of the user’s own files', async () => {
    const { realm, start } = await realmOf({
      'workflows.ts': `
        import { thrower } from './lib/thrower';
        interface Types { readonly are: 'gone' }
        export async function wf(): Promise<void> {
          await null;
          thrower();
        }`,
      'lib/thrower.ts': `type Nothing = never;\n\nexport function thrower(): Nothing {\n  throw new Error('here');\n}`,
    });
    const result = start().begin('wf');
    const failure =
      result.kind === 'ok' && result.commands[0]?.kind === 'failWorkflow'
        ? result.commands[0].failure
        : undefined;
    const lines = realm.mapStack(failure?.stackTrace ?? '').split('\n');
    expect(lines[0]).toBe('Error: here');
    expect(lines[1]).toMatch(/^ {4}at thrower \(.*lib\/thrower\.ts:4:9\)$/);
    expect(lines[2]).toMatch(/^ {4}at wf \(.*workflows\.ts:6:11\)$/);
    expect(lines.join('\n')).not.toMatch(/node:vm|workflow-bundle|instance\.ts|loader\.ts/);
  });

  test('of a disposed instance is our own', async () => {
    const { start } = await realmOf(`export const wf = () => 1;`);
    const execution = start();
    execution.instance.dispose();
    expect(() => execution.begin('wf')).toThrow('disposed');
  });
});
