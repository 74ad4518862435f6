// Puts compiled modules together: one script that evaluates to a realm's opener, with a table of module functions and a manifest
// for in-realm/loader.ts. Pure. Imports become numbers, esbuild's helpers per module become the loader's, and nothing of the
// machine it was built on remains: equal sources give equal bytes.
import { applyEdits, lineAt, type Edit } from './edits';
import { exportValues } from './export-values';
import { isGlobalThisIdiom } from './gate';
import { INTEROP_NAMES, isInteropHelper } from './interop-helpers';
import type { CompiledModule } from './modules';
import { statelessNames } from './stateless';
import { topLevelStatements, type Token } from './tokens';

export interface LinkableModule extends CompiledModule {
  readonly tokens: readonly Token[];
  /** Of this package, or a stand-in: written to hold no execution's state. */
  readonly isTrusted: boolean;
}

export interface LinkedModule {
  readonly key: string;
  /** The function that goes into the table. */
  readonly code: string;
  /** Lines of esbuild's output that are gone, from 0; the rest begins on the second line of `code`. */
  readonly removedLines: ReadonlySet<number>;
}

export interface LinkContext {
  /** Positions in the table. */
  readonly ids: ReadonlyMap<string, number>;
  readonly trusted: ReadonlySet<string>;
  readonly shared: ReadonlyMap<string, readonly string[]>;
  /** Modules that import each other in a circle. */
  readonly circles: ReadonlySet<string>;
}

export function linkModule(
  module: LinkableModule,
  { ids, trusted, shared, circles }: LinkContext,
): LinkedModule {
  const { code, tokens, imports, key, format } = module;
  const declared = shared.get(key) ?? [];
  const targets = targetsOf(imports);
  const edits: Edit[] = [];
  const removedLines = new Set<number>();
  const statements = topLevelStatements(code, tokens);
  const variables = importVariables(statements, targets);
  const asValues =
    shared.has(key) || circles.has(key)
      ? { edits: [], epilogue: '' }
      : exportValues(code, statements, (variable) => shared.has(variables.get(variable) ?? ''));
  edits.push(...asValues.edits);
  for (const statement of statements) {
    const braces = shared.has(key) ? undefined : exportsBraces(statement);
    if (braces !== undefined) edits.push({ ...braces, text: NAMESPACE });
    if (!isInteropHelper(statement)) continue;
    const [first, last] = [statement[0] as Token, statement.at(-1) as Token];
    const end = code.indexOf('\n', last.end) + 1 || code.length;
    edits.push({ start: first.start, end, text: '' });
    for (let line = lineAt(code, first.start); line <= lineAt(code, last.end); line++) removedLines.add(line);
  }
  tokens.forEach((token, i) => {
    if (token.kind !== 'name') return;
    if (isGlobalThisIdiom(tokens, i)) {
      const first = tokens[i - 1]?.text === 'new' ? (tokens[i - 1] as Token) : token;
      edits.push({ start: first.start, end: (tokens[i + 5] as Token).end, text: 'globalThis' });
      return;
    }
    const required = requiredAt(tokens, i);
    const target = required === undefined ? undefined : targets.get(required.specifier);
    const id = target === undefined ? undefined : ids.get(target);
    if (required === undefined || target === undefined || id === undefined) return;
    // What is known to be an ES module in spirit needs no copy of its exports, whoever imports it.
    const wrapped = trusted.has(target) ? wrappedRange(tokens, i) : undefined;
    edits.push({ ...(wrapped ?? required.range), text: `require(${id})` });
  });
  const isSloppy = format === 'cjs';
  const epilogue =
    asValues.epilogue + (declared.length === 0 ? '' : `module.declared = [${declared.join(', ')}];\n`);
  return {
    key,
    code: `function (${parameters(statements)}) {${isSloppy ? '' : ' "use strict";'}\n${applyEdits(code, edits)}${epilogue}}`,
    removedLines,
  };
}

/** Made so, it costs a first turn 5 µs less than when its prototype is taken away later. */
const NAMESPACE = '{ __proto__: null }';

/** The braces in `var name_exports = {};`. */
function exportsBraces(
  statement: readonly Token[],
): { readonly start: number; readonly end: number } | undefined {
  const [keyword, name, equals, open, close] = statement;
  if (keyword?.text !== 'var' || !/_exports$/.test(name?.text ?? '') || equals?.text !== '=')
    return undefined;
  return open?.text === '{' && close?.text === '}' ? { start: open.start, end: close.end } : undefined;
}

/** In `var import_x = __toESM(require("./x"));`: the variable, and the module that it stands for. */
function importVariables(
  statements: readonly (readonly Token[])[],
  targets: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const variables = new Map<string, string>();
  for (const statement of statements) {
    if (statement[0]?.text !== 'var' || statement[2]?.text !== '=') continue;
    const required = requiredAt(statement, 3) ?? requiredAt(statement, 5);
    const target = required === undefined ? undefined : targets.get(required.specifier);
    if (target !== undefined) variables.set(statement[1]?.text ?? '', target);
  }
  return variables;
}

function targetsOf(imports: CompiledModule['imports']): ReadonlyMap<string, string> {
  const targets = new Map<string, string>();
  for (const { specifier, target } of imports)
    if (target !== undefined && !targets.has(specifier)) targets.set(specifier, target);
  return targets;
}

/** The variables that hold the exports of one of these modules. */
function variablesOf(
  { code, tokens, imports }: LinkableModule,
  keys: ReadonlySet<string>,
): ReadonlySet<string> {
  const variables = importVariables(topLevelStatements(code, tokens), targetsOf(imports));
  return new Set([...variables].flatMap(([variable, key]) => (keys.has(key) ? [variable] : [])));
}

function requiredAt(
  tokens: readonly Token[],
  at: number,
):
  | { readonly specifier: string; readonly range: { readonly start: number; readonly end: number } }
  | undefined {
  const [name, open, argument, close] = tokens.slice(at, at + 4);
  if (name?.text !== 'require' || open?.text !== '(' || argument?.kind !== 'string' || close?.text !== ')')
    return undefined;
  if (tokens[at - 1]?.text === '.' || tokens[at - 1]?.text === '?.') return undefined;
  return { specifier: stringValue(argument.text), range: { start: name.start, end: close.end } };
}

/** `__toESM(require("x"), 1)` around the `require` at `at`. */
function wrappedRange(
  tokens: readonly Token[],
  at: number,
): { readonly start: number; readonly end: number } | undefined {
  const wrapper = tokens[at - 2];
  if (wrapper?.text !== '__toESM' || tokens[at - 1]?.text !== '(') return undefined;
  const close = tokens.slice(at + 4, at + 7).find(({ text }) => text === ')');
  return close && { start: wrapper.start, end: close.end };
}

/** The text of a string token. esbuild's escapes are JSON's, but for the quote and `\x`. */
function stringValue(literal: string): string {
  const inner = literal
    .slice(1, -1)
    .replace(/\\x([\da-fA-F]{2})/g, '\\u00$1')
    .replace(/\\'/g, "'");
  return literal.startsWith('"') || !inner.includes('"')
    ? (JSON.parse(`"${inner}"`) as string)
    : (JSON.parse(`"${inner.replace(/"/g, '\\"')}"`) as string);
}

const PARAMETERS = ['module', 'exports', 'require', 'globalThis', 'global', 'self'];

/** A module that declares `const self` of its own must not be given one. */
function parameters(statements: readonly (readonly Token[])[]): string {
  const declared = new Set(statements.flatMap(lexicalNames));
  return PARAMETERS.map((name, i) => (declared.has(name) ? `$${i}` : name)).join(', ');
}

/** What `let`, `const` and `class` declare, and what their patterns mention. */
function lexicalNames(statement: readonly Token[]): readonly string[] {
  const keyword = statement[0]?.text ?? '';
  if (keyword === 'class') return [statement[1]?.text ?? ''];
  if (keyword !== 'let' && keyword !== 'const') return [];
  const names: string[] = [];
  let isTarget = true;
  for (const { kind, text, depth } of statement.slice(1)) {
    if (depth === 0 && text === ',') isTarget = true;
    else if (depth === 0 && text === '=') isTarget = false;
    else if (isTarget && kind === 'name') names.push(text);
  }
  return names;
}

/**
 * The modules that executions may share, with what each declares for the realm to freeze: trusted ones with all they import, and
 * those proven to have no state.
 */
export function sharedModules(
  modules: readonly LinkableModule[],
  trusted: ReadonlySet<string>,
): ReadonlyMap<string, readonly string[]> {
  const byKey = new Map(modules.map((module) => [module.key, module]));
  const shared = new Map<string, readonly string[]>();
  const trust = (key: string): void => {
    if (shared.has(key)) return;
    shared.set(key, []);
    for (const { target } of byKey.get(key)?.imports ?? []) if (target !== undefined) trust(target);
  };
  for (const key of trusted) trust(key);

  const candidates = modules.flatMap((module) => {
    const names = shared.has(module.key)
      ? undefined
      : statelessNames({ ...module, isStrict: isStrict(module), trusted: variablesOf(module, trusted) });
    return names === undefined ? [] : [{ ...module, names }];
  });
  // Modules that import each other in a circle are never proven: exports are frozen before the circle is complete.
  for (let before = -1; before !== shared.size;) {
    before = shared.size;
    for (const { key, imports, names } of candidates) {
      if (!shared.has(key) && imports.every(({ target }) => target !== undefined && shared.has(target)))
        shared.set(key, names);
    }
  }
  return shared;
}

const isStrict = ({ format, code }: LinkableModule): boolean =>
  format !== 'cjs' || /^\s*(\/\/.*\n\s*)*["']use strict["'];/.test(code);

export interface BundleScript {
  readonly code: string;
  /** For each linked module, the line (from 0) of the bundle on which its own code begins. */
  readonly firstLines: readonly number[];
}

/** Names of the loader's module, in front of the table. */
export function writeScript(options: {
  readonly loader: string;
  readonly modules: readonly LinkedModule[];
  readonly entries: Readonly<Record<string, number>>;
  readonly shared: readonly number[];
  readonly isolation: 'auto' | 'context';
}): BundleScript {
  const { loader, modules, entries, shared, isolation } = options;
  let code = `(function () {\nconst { createModuleSystem, interop } = (${loader})();\nconst { ${INTEROP_NAMES.join(', ')} } = interop;\nconst table = [\n`;
  let line = code.split('\n').length - 1;
  const firstLines: number[] = [];
  for (const { code: moduleCode } of modules) {
    firstLines.push(line + 1);
    code += `${moduleCode},\n`;
    line += moduleCode.split('\n').length;
  }
  const manifest = JSON.stringify({ entries, shared });
  code +=
    `];\nconst manifest = ${manifest};\n` +
    `return { isolation: ${JSON.stringify(isolation)}, open(globalObject, isolation) {\n` +
    `const modules = createModuleSystem(table, manifest, globalObject);\n` +
    `return modules.requireShared("#in-realm").createInRealm(modules, globalObject, isolation);\n} };\n})()\n`;
  return { code, firstLines };
}
