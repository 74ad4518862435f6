// The user's workflow files, this package's engine and the realm's own modules, as one script and its source map. Host only: reads
// files, runs none of them.
import { createHash } from 'node:crypto';
import path from 'node:path';
import { SourceMap } from '../common/source-map';
import type { WorkflowBundleCode } from '../model/worker';
import { BundleError } from './errors';
import { refusedCode, refusedImports } from './gate';
import { globalsToDefine } from './global-names';
import { ImportChains } from './import-chain';
import { inCircles } from './import-circles';
import { linkModule, sharedModules, writeScript, type LinkableModule } from './link';
import { locate } from './locate';
import {
  compileModules,
  displayName,
  findModules,
  type CompiledModule,
  type ModuleGraph,
  type SourceModule,
} from './modules';
import { engineEntry, isOwnFile, ownName, realmEntries } from './own-files';
import { indexMap, sectionOf } from './source-map';
import { tokenize, type Token } from './tokens';

export interface BundleWorkflowsOptions {
  /** A path, a URL or a `file:` string; a file, or a folder with an index file. */
  readonly workflowsPath: string | URL;
  /** As logs name the bundle. Default: the file's name. */
  readonly name?: string;
  /** Modules that are imported but never used by workflows: they become empty. */
  readonly ignoreModules?: readonly string[];
  /** `'context'`: each execution has a V8 context of its own, at 100 times the cost. Default `'auto'`: only if the code needs it. */
  readonly isolation?: 'auto' | 'context';
  readonly interceptorModules?: readonly (string | URL)[];
  readonly payloadConverterPath?: string | URL;
  readonly failureConverterPath?: string | URL;
  /** Identifiers to replace by constants, as in esbuild. */
  readonly define?: Readonly<Record<string, string>>;
}

export interface WorkflowBundle extends WorkflowBundleCode {
  readonly isolation: 'auto' | 'context';
}

/** Parts that tests exchange. */
export interface BundleInternals {
  readonly engine?: string;
}

/** @throws {BundleError} */
export async function bundleWorkflows(
  options: BundleWorkflowsOptions,
  internals: BundleInternals = {},
): Promise<WorkflowBundle> {
  const { isolation = 'auto', ignoreModules = [] } = options;
  const userEntries = locateUserEntries(options);
  const entries = { ...realmEntries(), engine: internals.engine ?? engineEntry(), ...userEntries };
  const trustedFiles = new Set(internals.engine === undefined ? [] : [internals.engine]);
  const settings = { ignoreModules, define: { 'process.env.NODE_ENV': '"production"', ...options.define } };

  const graph = await findModules({ entries, ...settings });
  const chains = new ImportChains(graph.modules, Object.values(userEntries));
  refuse(refusedImports(graph.refused, chains));
  const modules = await compile(graph, settings);
  const linkable = modules.map((module) => ({ ...module, isTrusted: isTrusted(module.key, trustedFiles) }));
  refuse(linkable.filter(({ isTrusted }) => !isTrusted).flatMap((module) => refusedIn(module, chains)));

  const { code, sourceMap } = link(linkable, entries, isolation);
  const hash = createHash('sha256').update(code).digest('hex').slice(0, 16);
  const name = options.name ?? path.basename(userEntries['workflows'] ?? 'workflows');
  return { hash, name, code, sourceMap, isolation };
}

function locateUserEntries(options: BundleWorkflowsOptions): Readonly<Record<string, string>> {
  const { workflowsPath, payloadConverterPath, failureConverterPath, interceptorModules = [] } = options;
  return {
    workflows: locate('workflowsPath', workflowsPath),
    ...(payloadConverterPath !== undefined && {
      'payload-converter': locate('payloadConverterPath', payloadConverterPath),
    }),
    ...(failureConverterPath !== undefined && {
      'failure-converter': locate('failureConverterPath', failureConverterPath),
    }),
    ...Object.fromEntries(
      interceptorModules.map((file, i) => [`interceptor:${i}`, locate('workflowInterceptorModules', file)]),
    ),
  };
}

const isTrusted = (key: string, trustedFiles: ReadonlySet<string>): boolean =>
  isOwnFile(key) || trustedFiles.has(key) || !path.isAbsolute(key);

interface TokenizedModule extends CompiledModule {
  readonly tokens: readonly Token[];
}

/** A second time if code reads bare what other code puts on `globalThis`: those reads must find the execution's own. */
async function compile(
  graph: ModuleGraph,
  settings: { readonly ignoreModules: readonly string[]; readonly define: Readonly<Record<string, string>> },
): Promise<readonly TokenizedModule[]> {
  const sources: SourceModule[] = [...graph.modules.values()];
  const tokenized = (compiled: readonly CompiledModule[]): TokenizedModule[] =>
    compiled.map((module) => ({ ...module, tokens: tokenize(module.code) }));
  const modules = tokenized(await compileModules(sources, settings));
  const userTokens = modules.filter(({ key }) => !isOwnFile(key)).map(({ tokens }) => tokens);
  const written = globalsToDefine(userTokens);
  if (written.length === 0) return modules;
  const define = {
    ...Object.fromEntries(written.map((name) => [name, `globalThis.${name}`])),
    ...settings.define,
  };
  const userSources = sources.filter(({ key }) => !isOwnFile(key));
  const again = tokenized(await compileModules(userSources, { ...settings, define }));
  const byKey = new Map(again.map((module) => [module.key, module]));
  return modules.map((module) => byKey.get(module.key) ?? module);
}

function refuse(problems: BundleError['problems']): void {
  if (problems.length > 0) throw new BundleError(problems);
}

function refusedIn(module: TokenizedModule, chains: ImportChains): BundleError['problems'] {
  const { key, code, tokens, map } = module;
  return refusedCode(key, tokens, chains, (token) => {
    if (map === undefined) return undefined;
    const before = code.slice(0, token.start).split('\n');
    const position = new SourceMap(map).find(before.length - 1, before.at(-1)?.length ?? 0);
    return position && position.line + 1;
  });
}

function link(
  modules: readonly LinkableModule[],
  entries: Readonly<Record<string, string>>,
  isolation: 'auto' | 'context',
): { readonly code: string; readonly sourceMap: string } {
  const loaderKey = entries['#loader'];
  const inTable = modules.filter(({ key }) => key !== loaderKey);
  const loader = modules.find(({ key }) => key === loaderKey);
  if (loader === undefined) throw new Error('the loader is not among the modules');
  const ids = new Map(inTable.map(({ key }, id) => [key, id]));
  const trusted = new Set(inTable.filter(({ isTrusted }) => isTrusted).map(({ key }) => key));
  const shared = sharedModules(inTable, trusted);
  const imports = new Map(
    inTable.map((module) => [module.key, module.imports.flatMap(({ target }) => target ?? [])]),
  );
  const circles = inCircles(ids.keys(), (key) => imports.get(key) ?? []);
  const linked = inTable.map((module) => linkModule(module, { ids, trusted, shared, circles }));
  const idOf = (key: string): number => ids.get(key) as number;
  const { code, firstLines } = writeScript({
    loader: `function () { const module = { exports: {} }, exports = module.exports;\n${loader.code}\nreturn module.exports; }`,
    modules: linked,
    entries: Object.fromEntries(
      Object.entries(entries)
        .filter(([, key]) => key !== loaderKey)
        .map(([name, key]) => [name, idOf(key)]),
    ),
    shared: [...shared.keys()].map(idOf).sort((a, b) => a - b),
    isolation,
  });
  const sections = inTable.flatMap(({ key, map }, id) =>
    map === undefined
      ? []
      : [
          sectionOf(
            map,
            firstLines[id] as number,
            (linked[id] as { removedLines: ReadonlySet<number> }).removedLines,
            renamer(key),
          ),
        ],
  );
  return { code, sourceMap: indexMap('workflow-bundle.js', sections) };
}

/** Sources as stack traces show them: own files by the package's name, the user's as paths from the working directory. */
function renamer(key: string): (source: string) => string {
  return (source) => {
    if (!path.isAbsolute(key)) return displayName(key);
    if (isOwnFile(key)) return path.posix.join(path.posix.dirname(ownName(key)), path.posix.basename(source));
    return displayName(path.resolve('/bundle', source));
  };
}
