// Refuses what could not be deterministic, or would reach the host, before it runs: Node's modules, the doors that are for the
// host, dynamic imports, code from strings. Pure but for the lines it looks up. Must name the file, the way to it, and the fix.
import type { BundleProblem } from './errors';
import type { ImportChains } from './import-chain';
import { displayName, type Refused } from './modules';
import type { Token } from './tokens';

export function refusedImports(refused: readonly Refused[], chains: ImportChains): readonly BundleProblem[] {
  const seen = new Set<string>();
  return refused.flatMap(({ specifier, importer }) => {
    const id = `${importer}\0${specifier}`;
    if (seen.has(id)) return [];
    seen.add(id);
    return [
      {
        message: `workflows cannot use '${specifier}'`,
        chain: chains.to(importer, { specifier }),
        fix: fixFor(specifier, chains.firstStep(importer)?.specifier),
      },
    ];
  });
}

/** `firstImport` is what the workflow file itself imports; absent: the culprit. */
function fixFor(specifier: string, firstImport: string | undefined): string {
  if (firstImport !== undefined && firstImport.startsWith('.')) {
    return `Write: import type * as ${identifierFor(firstImport)} from '${firstImport}'`;
  }
  if (firstImport !== undefined) {
    return `Call '${firstImport}' from an activity, or list '${specifier}' in ignoreModules if it is never reached`;
  }
  return `Move the code that needs it to an activity`;
}

function identifierFor(specifier: string): string {
  const base =
    specifier
      .split('/')
      .at(-1)
      ?.replace(/\.\w+$/, '') ?? '';
  const identifier = base.replace(/[^\w$]+(\w?)/g, (_match, next: string) => next.toUpperCase());
  return /^[A-Za-z_$][\w$]*$/.test(identifier) ? identifier : 'activities';
}

/** Where the token is, in the user's own file. */
export type LineOf = (token: Token) => number | undefined;

/** Of a dependency only what could reach the host: code from strings throws when it is called, and some of it never is. */
export function refusedCode(
  key: string,
  tokens: readonly Token[],
  chains: ImportChains,
  lineOf: LineOf,
): readonly BundleProblem[] {
  const isDependency = /[\\/]node_modules[\\/]/.test(key);
  const problems: BundleProblem[] = [];
  tokens.forEach((token, i) => {
    if (token.kind !== 'name') return;
    const previous = tokens[i - 1]?.text;
    const next = tokens[i + 1]?.text;
    if (previous === '.' || previous === '?.') return;
    const refuse = (what: string, fix: string): void => {
      const line = lineOf(token);
      const chain = line === undefined ? [{ name: displayName(key) }] : chains.to(key, { line });
      problems.push({ message: `workflows cannot use ${what}`, chain, fix });
    };
    if (token.text === 'import' && next === '(' && !isMember(tokens, i)) {
      refuse('import()', 'Write a plain import at the top of the file, or load the module in an activity');
    } else if (isDependency) {
      return;
    } else if (token.text === 'eval' && next !== ':' && !isMember(tokens, i)) {
      refuse('eval', 'Code from strings cannot be replayed: call a function instead');
    } else if (token.text === 'Function' && next === '(' && !isGlobalThisIdiom(tokens, i)) {
      refuse('new Function', 'Code from strings cannot be replayed: call a function instead');
    }
  });
  return problems;
}

/** `class { import() {} }`, `{ eval() {} }`: a name of its own. */
function isMember(tokens: readonly Token[], at: number): boolean {
  if (tokens[at + 1]?.text !== '(') return false;
  const depth = tokens[at + 1]?.depth;
  const closingAt = tokens.findIndex((token, i) => i > at + 1 && token.depth === depth && token.text === ')');
  const before = tokens[at - 1]?.text ?? '';
  return (
    tokens[closingAt + 1]?.text === '{' &&
    ['{', '}', ';', ',', 'async', '*', 'static', 'get', 'set'].includes(before)
  );
}

/** `Function("return this")()`, how old code asks for `globalThis`. The linker writes that in its place. */
export function isGlobalThisIdiom(tokens: readonly Token[], at: number): boolean {
  const texts = tokens.slice(at, at + 6).map(({ text }) => text);
  return (
    texts[0] === 'Function' &&
    texts[1] === '(' &&
    /^["'`]\s*return this;?\s*["'`]$/.test(texts[2] ?? '') &&
    texts[3] === ')' &&
    texts[4] === '(' &&
    texts[5] === ')'
  );
}
