// Constants that are object or array literals, and whether any use of one may change it or hand it to somebody who may. Pure.
// Seen from the tokens alone: shadowing is not seen, and a use that is not known to be harmless is not harmless.
import type { Token } from './tokens';

export interface Constant {
  readonly kind: 'object' | 'array';
  /** Its members are primitive: whoever reads one holds nothing of it. */
  readonly isFlat: boolean;
}

export interface Uses {
  readonly constants: ReadonlyMap<string, Constant>;
  /** What `proxyActivities` has made: functions, or objects of functions, that only serialise what they are given. */
  readonly activities: ReadonlySet<string>;
  /** Where a constant is declared, or among the options of a definition, by the starts of their tokens. */
  readonly known: ReadonlySet<number>;
}

const READERS = new Set(['Object.keys', 'Object.values', 'Object.entries', 'JSON.stringify']);
const ARRAY_READERS = new Set(['length', 'includes', 'indexOf', 'join', 'at']);

export function areOnlyRead(tokens: readonly Token[], uses: Uses): boolean {
  return tokens.every(({ kind, text, start }, i) => {
    const constant = kind === 'name' ? uses.constants.get(text) : undefined;
    if (constant === undefined || uses.known.has(start)) return true;
    const previous = tokens[i - 1]?.text ?? '';
    if (previous === '.' || previous === '?.' || isKey(tokens, i)) return true;
    return isActivityArgument(tokens, i, uses.activities) || (constant.isFlat && isRead(tokens, i, constant));
  });
}

const isKey = (tokens: readonly Token[], i: number): boolean =>
  tokens[i + 1]?.text === ':' && ['{', ','].includes(tokens[i - 1]?.text ?? '');

/** `{ ...C }`, `C.a`, `C[a]`, `of C`, `in C`, `Object.keys(C)`. Writing is for others to see. */
function isRead(tokens: readonly Token[], i: number, { kind }: Constant): boolean {
  const next = tokens[i + 1]?.text;
  const previous = tokens[i - 1]?.text;
  if ((previous === 'of' && next === ')') || (previous === 'in' && next !== '.' && next !== '[')) return true;
  if (previous === '(' && next === ')') return isReader(tokens, i - 2);
  if (previous === '...') return next === ',' || next === '}' || next === ']' || next === ')';
  if (next === '[') return true;
  if (next !== '.' && next !== '?.') return false;
  return kind === 'object' || ARRAY_READERS.has(tokens[i + 2]?.text ?? '');
}

/** `Object.keys`, `JSON.stringify`, and the like, whose last name is here. */
function isReader(tokens: readonly Token[], i: number): boolean {
  const [owner, dot, name] = tokens.slice(Math.max(0, i - 2), i + 1).map(({ text }) => text);
  return dot === '.' && READERS.has(`${owner}.${name}`) && tokens[i - 3]?.text !== '.';
}

/** `step(…, C, …)`, `activities.step(…, C, …)` */
function isActivityArgument(tokens: readonly Token[], i: number, activities: ReadonlySet<string>): boolean {
  const isWhole =
    ['(', ','].includes(tokens[i - 1]?.text ?? '') && [')', ','].includes(tokens[i + 1]?.text ?? '');
  if (!isWhole) return false;
  const depth = (tokens[i] as Token).depth - 1;
  let open = i - 1;
  while (open > 0 && tokens[open]?.depth !== depth) open -= 1;
  if (tokens[open]?.text !== '(') return false;
  const callee = tokens[open - 1];
  if (callee?.kind !== 'name') return false;
  const isMember = tokens[open - 2]?.text === '.';
  const owner = isMember ? tokens[open - 3] : callee;
  const before = tokens[open - (isMember ? 4 : 2)]?.text;
  return owner?.kind === 'name' && before !== '.' && before !== 'function' && activities.has(owner.text);
}
