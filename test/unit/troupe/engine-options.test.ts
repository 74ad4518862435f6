// Options of an engine: what is refused before anything is touched, and by which words.
import { expect, test } from 'vitest';
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
  expect(resolve({ logger: console }).log).toBe(console);
});

test.each([[null], [5], ['./data'], [[]]])('options that are no object are refused: %j', (options) => {
  expect(() => assertKnownOptions('Troupe.open', options as object, {})).toThrow(
    /^Troupe\.open: options are an object/,
  );
});
