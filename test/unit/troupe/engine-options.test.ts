// Options of an engine: what is refused before anything is touched, and by which words.
import { expect, onTestFinished, test, vi } from 'vitest';
import { assertKnownOptions } from '../../../src/common/known-options';
import { resolveSettings } from '../../../src/troupe/engine-options';

const resolve = (settings: object) => resolveSettings({ store: 'memory', ...settings });

test.each(['retention', 'turnLimit', 'idleEvict', 'waitForOwner'])(
  'a duration that cannot be read is refused by its name: %s',
  (name) => {
    expect(() => resolve({ [name]: 'soon' })).toThrow(`Invalid duration for ${name}: 'soon'`);
  },
);

test.each([[{}], [5], [null], ['console'], [{ warn: () => undefined }]])(
  'a logger that cannot write is refused, not used later: %j',
  (logger) => {
    expect(() => resolve({ logger })).toThrow('logger: an object with the functions warn and error');
  },
);

test('a console is a logger', () => {
  const write = vi.spyOn(console, 'warn').mockReturnValue();
  resolve({ logger: console }).log.warn('hello', { a: 1 });
  expect(write.mock.calls).toEqual([['hello', { a: 1 }]]);
  write.mockRestore();
});

test('a logger that throws or rejects ends nothing: standard error tells of it once', async () => {
  const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  onTestFinished(() => write.mockRestore());
  const fails = (): never => {
    throw new Error('no disk');
  };
  const { log } = resolve({ logger: { warn: fails, error: async () => fails() } });
  log.warn('one');
  log.error('two');
  await Promise.resolve();
  expect(write.mock.calls.map(([line]) => line)).toEqual([expect.stringMatching(/logger failed.*no disk/)]);
});

test.each([[null], [5], ['./data'], [[]]])('options that are no object are refused: %j', (options) => {
  expect(() => assertKnownOptions('Troupe.open', options as object, {})).toThrow(
    /^Troupe\.open: options are an object/,
  );
});
