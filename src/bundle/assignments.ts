// Who writes to which name, seen from the tokens alone. Pure. Where it cannot tell, somebody does.
import type { Token } from './tokens';

const ASSIGNMENTS = new Set('= += -= *= /= %= **= <<= >>= >>>= &= |= ^= &&= ||= ??='.split(' '));
/** What changes its first argument. */
const MUTATORS = new Set([
  'assign',
  'defineProperty',
  'defineProperties',
  'setPrototypeOf',
  'set',
  'deleteProperty',
]);

/** Any assignment to a top-level name, to a property of one, or by a function that is known to write. */
export function writesTo(tokens: readonly Token[], names: ReadonlySet<string>): boolean {
  if (reassigned(tokens, names).size > 0) return true;
  return tokens.some(({ kind, text }, i) => {
    const previous = tokens[i - 1]?.text ?? '';
    if (kind !== 'name' || !names.has(text) || previous === '.' || previous === '?.') return false;
    if (previous === '(' && MUTATORS.has(tokens[i - 2]?.text ?? '')) return true;
    const end = endOfChain(tokens, i);
    return end > i + 1 && (previous === 'delete' || isWritten(tokens, i, end));
  });
}

/** The names whose bindings are assigned to after their declaration. Shadowing is not seen: too many rather than too few. */
export function reassigned(tokens: readonly Token[], names: ReadonlySet<string>): ReadonlySet<string> {
  const found = new Set<string>();
  tokens.forEach(({ kind, text, depth }, i) => {
    const previous = tokens[i - 1]?.text ?? '';
    if ((text === '=' || text === 'of' || text === 'in') && (previous === ']' || previous === '}')) {
      for (const name of mentionedInPattern(tokens, i - 1)) if (names.has(name)) found.add(name);
    }
    if (kind !== 'name' || !names.has(text) || previous === '.' || previous === '?.') return;
    const isDeclared = depth === 0 && ['const', 'let', 'var', ','].includes(previous);
    if (!isDeclared && isWritten(tokens, i, i + 1)) found.add(text);
  });
  return found;
}

/** Whether what stands from `start` to `end` is the target of an assignment. */
function isWritten(tokens: readonly Token[], start: number, end: number): boolean {
  const previous = tokens[start - 1]?.text ?? '';
  const next = tokens[end]?.text ?? '';
  if (previous === '++' || previous === '--' || next === '++' || next === '--' || ASSIGNMENTS.has(next))
    return true;
  return (
    (next === 'of' || next === 'in') &&
    previous === '(' &&
    /^(for|await)$/.test(tokens[start - 2]?.text ?? '')
  );
}

/** Behind `.a`, `[b]` and `(c)` after a name. */
function endOfChain(tokens: readonly Token[], start: number): number {
  let i = start + 1;
  for (;;) {
    const text = tokens[i]?.text;
    if (text === '.' || text === '?.') i += tokens[i + 1]?.kind === 'name' ? 2 : 1;
    else if (text === '[' || text === '(') i = closing(tokens, i) + 1;
    else return i;
  }
}

const isOpening = (token: Token | undefined, closingToken: Token | undefined): boolean =>
  token !== undefined && token.depth === closingToken?.depth && /^[([{]$/.test(token.text);

/** Names in a destructuring assignment, `[a, b] = …` or `({ a } = …)`; of an index, which has an operand before it, none. */
function mentionedInPattern(tokens: readonly Token[], closingAt: number): readonly string[] {
  let opening = closingAt - 1;
  while (opening >= 0 && !isOpening(tokens[opening], tokens[closingAt])) opening -= 1;
  const before = tokens[opening - 1];
  // Where top-level names are declared they are not assigned to.
  if (before?.depth === 0 && /^(const|let|var)$/.test(before.text)) return [];
  const isIndex =
    tokens[opening]?.text === '[' &&
    before !== undefined &&
    (before.kind === 'name'
      ? !/^(const|let|var|return|of|in)$/.test(before.text)
      : /^[)\]}]$/.test(before.text));
  if (isIndex) return [];
  return tokens
    .slice(Math.max(opening, 0), closingAt)
    .flatMap(({ kind, text }) => (kind === 'name' ? [text] : []));
}

/** Index of the bracket that closes the one at `start`. */
export function closing(tokens: readonly Token[], start: number): number {
  const depth = tokens[start]?.depth;
  for (let i = start + 1; i < tokens.length; i++) {
    if (tokens[i]?.depth === depth && /^[)\]}]$/.test(tokens[i]?.text ?? '')) return i;
  }
  return tokens.length;
}
