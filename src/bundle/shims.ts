// What workflow code may import under the names of Node's modules, as in Temporal's sandbox: sources in JavaScript that run in
// the realm. Everything else of Node's is refused.

const ASSERT = `
class AssertionError extends Error {
  constructor({ message, actual, expected, operator }) {
    super(message ?? String(actual) + ' ' + operator + ' ' + String(expected));
    Object.defineProperty(this, 'name', { value: 'AssertionError', configurable: true, writable: true });
    this.code = 'ERR_ASSERTION';
    this.generatedMessage = message === undefined;
    this.actual = actual;
    this.expected = expected;
    this.operator = operator;
  }
}
function check(holds, actual, expected, operator, message) {
  if (holds) return;
  if (message instanceof Error) throw message;
  throw new AssertionError({ message, actual, expected, operator });
}
function ok(value, message) { check(value, value, true, '==', message); }
function assert(value, message) { ok(value, message); }
assert.ok = ok;
assert.AssertionError = AssertionError;
assert.fail = (message) => check(false, undefined, undefined, 'fail', message ?? 'Failed');
assert.equal = (actual, expected, message) => check(actual == expected, actual, expected, '==', message);
assert.notEqual = (actual, expected, message) => check(actual != expected, actual, expected, '!=', message);
assert.strictEqual = (actual, expected, message) => check(Object.is(actual, expected), actual, expected, 'strictEqual', message);
assert.notStrictEqual = (actual, expected, message) => check(!Object.is(actual, expected), actual, expected, 'notStrictEqual', message);
assert.strict = assert;
module.exports = assert;
`;

export const SHIMS: Readonly<Record<string, string>> = {
  assert: ASSERT,
  url: 'const { URL, URLSearchParams } = globalThis; module.exports = { URL, URLSearchParams };',
  util: 'const { TextEncoder, TextDecoder } = globalThis; module.exports = { TextEncoder, TextDecoder };',
};
