// Proves that a module has no state of its own, so that all executions of a realm may share one instance of it. Pure.
// Conservative: what it does not recognise is state. What it cannot see (a function written to through an alias) is frozen
// in the realm and throws; it never leaks from one execution to another.
import { closing, writesTo } from './assignments';
import { areOnlyRead, type Constant } from './constants';
import { isDefinition, LITERAL_NAMES, literalOf, namesOfPattern, parts } from './definitions';
import { isInteropHelper } from './interop-helpers';
import { topLevelStatements, type Token } from './tokens';

export interface ModuleText {
  readonly code: string;
  readonly tokens: readonly Token[];
  /** In sloppy code a write to something frozen is silently lost: such modules are never shared. */
  readonly isStrict: boolean;
  /** Variables that hold the exports of trusted modules. */
  readonly trusted: ReadonlySet<string>;
}

/** A name in the top-level scope, and what it may stand for. */
interface Scope {
  /** Declared by functions, classes and constants. */
  readonly names: Set<string>;
  readonly trusted: ReadonlySet<string>;
  /** Object and array literals: no state, if nobody changes them. */
  readonly constants: Map<string, Constant>;
  /** What definitions declare. */
  readonly defined: Set<string>;
  /** Starts of the tokens that declare constants and definitions. */
  readonly known: Set<number>;
}

/** Names of the module's own global object, and of its record: whoever speaks of them is not looked into further. */
const OPAQUE = new Set(['globalThis', 'global', 'self', 'eval', 'arguments']);
const RECORD = new Set(['module', 'exports']);
/**
 * The names that a stateless module declares, for the realm to freeze; undefined: it may have state. The imported modules must be
 * stateless too; that is for the caller to see.
 */
export function statelessNames({
  code,
  tokens,
  isStrict,
  trusted,
}: ModuleText): readonly string[] | undefined {
  if (!isStrict) return undefined;
  const statements = topLevelStatements(code, tokens).filter((statement) => !isInteropHelper(statement));
  const scope: Scope = {
    names: new Set(),
    trusted,
    constants: new Map(),
    defined: new Set(),
    known: new Set(),
  };
  for (const statement of statements) if (!isStatelessStatement(statement, scope)) return undefined;
  if (mentionsOpaque(statements) || writesTo(statements.flat(), scope.names)) return undefined;
  const { constants, defined: activities, known } = scope;
  if (constants.size > 0 && !areOnlyRead(statements.flat(), { constants, activities, known }))
    return undefined;
  return [...scope.names].filter((name) => !/^import_|_exports$/.test(name));
}

function isStatelessStatement(statement: readonly Token[], scope: Scope): boolean {
  const text = (index: number): string => statement[index]?.text ?? '';
  const first = text(0);
  if (statement[0]?.kind === 'string') return true;
  if (first === 'function') return declare(text(1) === '*' ? text(2) : text(1), scope);
  if (first === 'async' && text(1) === 'function') return declare(text(2) === '*' ? text(3) : text(2), scope);
  if (first === 'class') return declare(text(1), scope) && isStatelessClass(statement.slice(2));
  if (first === 'const' || first === 'let' || first === 'var') {
    const declarators = statement.slice(1).filter(({ depth, text: token }) => depth > 0 || token !== ';');
    return parts(declarators).every((declarator) => isStatelessDeclarator(declarator, scope));
  }
  return isLinkage(statement);
}

function declare(name: string, scope: Scope): boolean {
  scope.names.add(name);
  return true;
}

/** How esbuild, or TypeScript's own CommonJS, declares exports and re-exports. */
function isLinkage(statement: readonly Token[]): boolean {
  const joined = statement
    .map(({ text }) => text)
    .join(' ')
    .replace(/ ?;$/, '');
  return (
    /^__export \( \w+ , \{/.test(joined) ||
    /^module \. exports = __toCommonJS \( \w+ \)$/.test(joined) ||
    /^__reExport \( \w+ , (__toESM \( )?require \( \S+ \)( , 1)?( \))? , module \. exports \)$/.test(
      joined,
    ) ||
    /^Object \. defineProperty \( exports , "__esModule" , \{ value : true \} \)$/.test(joined) ||
    /^(exports \. \w+ = )+(void 0|\w+)$/.test(joined) ||
    /^require \( \S+ \)$/.test(joined)
  );
}

function isStatelessDeclarator(declarator: readonly Token[], scope: Scope): boolean {
  const [name, equals, ...value] = declarator;
  if (name?.text === '{') return isStatelessPattern(declarator, scope);
  if (name?.kind !== 'name') return false;
  scope.names.add(name.text);
  if (equals === undefined) return true;
  if (equals.text !== '=') return false;
  if (isStatelessValue(value, name.text)) return true;
  const literal = literalOf(value, { trusted: scope.trusted, isReference });
  if (literal === undefined) return isDefined([name.text], value, scope);
  scope.constants.set(name.text, literal);
  scope.known.add(name.start);
  return true;
}

/** `{ a, b } = proxyActivities(…)` */
function isStatelessPattern(declarator: readonly Token[], scope: Scope): boolean {
  const end = closing(declarator, 0);
  const names = namesOfPattern(declarator.slice(0, end + 1));
  if (names === undefined || declarator[end + 1]?.text !== '=') return false;
  for (const name of names) scope.names.add(name);
  return isDefined(names, declarator.slice(end + 2), scope);
}

function isDefined(names: readonly string[], value: readonly Token[], scope: Scope): boolean {
  if (!isDefinition(value, { trusted: scope.trusted, isReference })) return false;
  for (const name of names) scope.defined.add(name);
  for (const { start } of value) scope.known.add(start);
  return true;
}

function isStatelessValue(value: readonly Token[], name: string): boolean {
  const joined = value.map(({ text }) => text).join(' ');
  const [first] = value;
  if (first === undefined) return false;
  if (/^(__toESM \( )?require \( [^()]+ \)( , 1)?( \))?$/.test(joined)) return true;
  if (/_exports$/.test(name) && joined === '{ }') return true;
  if (/^Symbol(?: \. for)? \( (?:"[^"]*")? \)$/.test(joined)) return true;
  if (isFunction(value) || isEnum(value)) return true;
  if (first.text === 'class')
    return isStatelessClass(value.slice(value[1]?.text === '{' || value[1]?.text === 'extends' ? 1 : 2));
  const literal = first.text === '-' || first.text === '+' ? value[1] : first;
  const length = literal === first ? 1 : 2;
  if (literal === undefined || value.length !== length) return joined === 'void 0' || isReference(value);
  if (literal.kind === 'regex') return !/\/\w*[gy]\w*$/.test(literal.text);
  if (literal.kind === 'name') return LITERAL_NAMES.has(literal.text) || isReference(value);
  return literal.kind === 'string' || literal.kind === 'number' || literal.kind === 'template';
}

/** `foo`, or `import_x.foo`: something of this module, or of one that is stateless itself. */
function isReference(value: readonly Token[]): boolean {
  const [object, dot, property] = value;
  if (
    object?.kind !== 'name' ||
    OPAQUE.has(object.text) ||
    RECORD.has(object.text) ||
    object.text === 'require' ||
    object.text === 'this'
  )
    return false;
  if (value.length === 1) return true;
  return value.length === 3 && dot?.text === '.' && property?.kind === 'name' && /^import_/.test(object.text);
}

function isFunction(value: readonly Token[]): boolean {
  const start = value[0]?.text === 'async' ? 1 : 0;
  if (value[start]?.text === 'function') return isWholeBody(value, start);
  if (value[start + 1]?.text === '=>') return true;
  if (value[start]?.text !== '(') return false;
  return value[closing(value, start) + 1]?.text === '=>';
}

/** `function () { … }` with nothing behind it that would call it. */
function isWholeBody(value: readonly Token[], start: number): boolean {
  const parameters = value.findIndex(({ text }, i) => i >= start && text === '(');
  const body = closing(value, parameters) + 1;
  return value[body]?.text === '{' && closing(value, body) === value.length - 1;
}

/** TypeScript's enums: `((E) => { E[E["A"] = 0] = "A"; return E; })(E || {})`. */
function isEnum(value: readonly Token[]): boolean {
  const joined = value.map(({ text }) => text).join(' ');
  const scalar = String.raw`(?:"(?:[^"\\]|\\.)*"|-? ?[\d.]+)`;
  const key = String.raw`\w+ (?:\[ "(?:[^"\\]|\\.)*" \]|\. \w+)`;
  const numeric = String.raw`\w+ \[ ${key} = ${scalar} \] = "(?:[^"\\]|\\.)*" ;`;
  const textual = `${key} = ${scalar} ;`;
  return new RegExp(
    String.raw`^\( \( \w+ \) => \{ (?:(?:${numeric}|${textual}) )*return \w+ ; \} \) \( \w+ \|\| \{ \} \)$`,
  ).test(joined);
}

/** From behind the name: `extends Base { … }`. Methods and instance fields are per instance; statics are state. */
function isStatelessClass(rest: readonly Token[]): boolean {
  let body = 0;
  if (rest[0]?.text === 'extends') {
    body = rest.findIndex(({ text }) => text === '{');
    const base = rest.slice(1, body);
    if (!isReference(base)) return false;
  }
  if (rest[body]?.text !== '{') return false;
  const inside = (rest[body] as Token).depth + 1;
  for (let i = body + 1; i < rest.length; i++) {
    const { text, depth } = rest[i] as Token;
    if (depth !== inside) continue;
    const previous = rest[i - 1]?.text ?? '';
    const beginsMember = i === body + 1 || previous === ';' || previous === '}';
    if (text === '@') return false;
    if (beginsMember && text === 'static' && !isStaticMethod(rest, i)) return false;
    // A computed name is evaluated with the class: only the well-known symbols are known to be harmless.
    if (
      text === '[' &&
      isMemberName(previous, beginsMember) &&
      !/^\[ Symbol \. \w+ \]$/.test(joinedFrom(rest, i, 5))
    ) {
      return false;
    }
  }
  return true;
}

const isMemberName = (previous: string, beginsMember: boolean): boolean =>
  beginsMember || ['static', 'async', 'get', 'set', '*'].includes(previous);

const joinedFrom = (tokens: readonly Token[], start: number, count: number): string =>
  tokens
    .slice(start, start + count)
    .map(({ text }) => text)
    .join(' ');

function isStaticMethod(rest: readonly Token[], at: number): boolean {
  let i = at + 1;
  while (['async', 'get', 'set', '*'].includes(rest[i]?.text ?? '') && rest[i + 1]?.text !== '(') i++;
  if (rest[i]?.text === '[') i = closing(rest, i);
  return rest[i + 1]?.text === '(';
}

/** The module's globals, its record outside of what links it, or a `require` whose target is not known. */
function mentionsOpaque(statements: readonly (readonly Token[])[]): boolean {
  return statements.some((statement) => {
    const links = isLinkage(statement);
    return statement.some(({ kind, text }, i) => {
      const previous = statement[i - 1]?.text;
      const next = statement[i + 1]?.text;
      if (kind !== 'name' || previous === '.' || previous === '?.' || next === ':') return false;
      if (text === 'require')
        return next !== '(' || statement[i + 2]?.kind !== 'string' || statement[i + 3]?.text !== ')';
      return OPAQUE.has(text) || (RECORD.has(text) && !links);
    });
  });
}
