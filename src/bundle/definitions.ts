// Calls at the top level that make something without state: `proxyActivities`, `defineSignal` and their like, of the trusted package,
// with literal arguments. Pure. Most modules of workflows are these and functions, and so can be shared.
import { closing } from './assignments';
import type { Constant } from './constants';
import type { Token } from './tokens';

/** What each makes holds nothing that a call changes; its arguments stay its own. */
const DEFINERS = new Set([
  'proxyActivities',
  'defineSignal',
  'defineQuery',
  'defineUpdate',
  'defineSearchAttributeKey',
]);
/** Names that stand for a value of their own. */
export const LITERAL_NAMES = new Set(['true', 'false', 'null', 'undefined', 'NaN', 'Infinity']);

/** What the module's variables stand for, as far as it matters here. */
export interface Definers {
  /** Variables that hold the exports of a trusted module. */
  readonly trusted: ReadonlySet<string>;
  /** Whether these tokens only name something that has no state. */
  readonly isReference: (value: readonly Token[]) => boolean;
}

/** `(0, import_workflow.defineSignal)("x")`, `wf.proxyActivities({ … })`. */
export function isDefinition(value: readonly Token[], definers: Definers): boolean {
  const isIndirect = value[0]?.text === '(' && value[1]?.text === '0' && value[2]?.text === ',';
  const start = isIndirect ? 3 : 0;
  const [object, dot, name] = value.slice(start, start + 3);
  if (object?.kind !== 'name' || !definers.trusted.has(object.text) || dot?.text !== '.') return false;
  if (!DEFINERS.has(name?.text ?? '')) return false;
  if (isIndirect && value[6]?.text !== ')') return false;
  const open = isIndirect ? 7 : 3;
  if (value[open]?.text !== '(' || closing(value, open) !== value.length - 1) return false;
  return parts(value.slice(open + 1, -1)).every((argument) => isPlain(argument, definers));
}

/** The names that `{ a, b: c }` declares; undefined: it may do more than take members. */
export function namesOfPattern(pattern: readonly Token[]): readonly string[] | undefined {
  if (pattern[0]?.text !== '{' || closing(pattern, 0) !== pattern.length - 1) return undefined;
  const names: string[] = [];
  for (const part of parts(pattern.slice(1, -1))) {
    const [key, colon, name] = part;
    const declared = part.length === 1 ? key : part.length === 3 && colon?.text === ':' ? name : undefined;
    if (key?.kind !== 'name' || declared?.kind !== 'name') return undefined;
    names.push(declared.text);
  }
  return names;
}

/** An object or array made of literals and of names without state. */
export function literalOf(value: readonly Token[], definers: Definers): Constant | undefined {
  const open = value[0]?.text;
  if ((open !== '{' && open !== '[') || !isPlain(value, definers)) return undefined;
  const members = parts(value.slice(1, -1)).map((member) => (open === '{' ? member.slice(2) : member));
  return { kind: open === '{' ? 'object' : 'array', isFlat: members.every(isPrimitive) };
}

function isPrimitive(value: readonly Token[]): boolean {
  const [first, second] = value;
  if (value.length === 2) return second?.kind === 'number';
  if (first === undefined || value.length !== 1) return false;
  return first.kind === 'name' ? LITERAL_NAMES.has(first.text) : first.kind !== 'punctuator';
}

/** Made of literals and of names without state. */
function isPlain(value: readonly Token[], definers: Definers): boolean {
  const [first] = value;
  if (first === undefined) return false;
  if (first.text === '{' || first.text === '[') {
    if (closing(value, 0) !== value.length - 1) return false;
    const members = parts(value.slice(1, -1));
    if (first.text === '[') return members.every((member) => isPlain(member, definers));
    return members.every((member) => isPlainProperty(member, definers));
  }
  if (value.length === 2 && (first.text === '-' || first.text === 'void')) return value[1]?.kind === 'number';
  if (value.length > 1) return definers.isReference(value);
  if (first.kind === 'name') return LITERAL_NAMES.has(first.text) || definers.isReference(value);
  return first.kind === 'string' || first.kind === 'number' || first.kind === 'template';
}

function isPlainProperty(member: readonly Token[], definers: Definers): boolean {
  const [key, colon] = member;
  if (key === undefined || key.text === '__proto__' || key.text === '"__proto__"') return false;
  if (member.length === 1) return key.kind === 'name' && definers.isReference(member);
  const isKey = key.kind === 'name' || key.kind === 'string' || key.kind === 'number';
  return isKey && colon?.text === ':' && isPlain(member.slice(2), definers);
}

/** Between the commas of the level of the first token. */
export function parts(tokens: readonly Token[]): readonly (readonly Token[])[] {
  const depth = tokens[0]?.depth;
  const found: Token[][] = [];
  let current: Token[] = [];
  for (const token of tokens) {
    if (token.depth === depth && token.text === ',') {
      found.push(current);
      current = [];
    } else {
      current.push(token);
    }
  }
  if (current.length > 0) found.push(current);
  return found;
}
