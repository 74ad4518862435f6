// From entry files to the modules they need, each compiled for itself: one pass of esbuild finds and resolves the imports, a
// second compiles every file to a CommonJS function body. Host only.
import type { BuildOptions, Message, Plugin } from 'esbuild';
import { builtinModules } from 'node:module';
import path from 'node:path';
import { existsSync } from 'node:fs';
import { BundleError } from './errors';
import { doorFile, isClosedDoor } from './own-files';
import { SHIMS } from './shims';

/** Loaded when first used: a process that is handed a finished bundle never needs it. */
const loadEsbuild = () => import('esbuild');

export interface Import {
  readonly specifier: string;
  readonly kind: string;
  /** Key of the module; absent: nothing was found, or nothing may be. */
  readonly target?: string;
}

/** One source file, or what stands in for one. */
export interface SourceModule {
  /** Absolute path, or `namespace:name`. */
  readonly key: string;
  readonly imports: readonly Import[];
  readonly format: 'esm' | 'cjs' | 'unknown';
}

export interface CompiledModule extends SourceModule {
  readonly code: string;
  /** JSON text; absent for stand-ins. */
  readonly map?: string;
}

export interface ModuleOptions {
  /** Files by entry name. */
  readonly entries: Readonly<Record<string, string>>;
  readonly ignoreModules: readonly string[];
  readonly define: Readonly<Record<string, string>>;
}

/** What imports must not reach. */
export interface Refused {
  readonly specifier: string;
  readonly importer: string;
}

export interface ModuleGraph {
  readonly modules: ReadonlyMap<string, SourceModule>;
  readonly refused: readonly Refused[];
}

const IGNORED = 'ignored';
const SHIM = 'shim';

const BASE: BuildOptions = {
  write: false,
  format: 'cjs',
  platform: 'neutral',
  target: 'node20.19',
  mainFields: ['module', 'main'],
  conditions: ['module'],
  charset: 'utf8',
  legalComments: 'none',
  logLevel: 'silent',
  loader: { '.css': 'empty' },
};

const isBuiltin = (specifier: string): boolean =>
  specifier.startsWith('node:') || builtinModules.includes(specifier);

function isIgnored(specifier: string, ignoreModules: readonly string[]): boolean {
  const plain = specifier.replace(/^node:/, '');
  return ignoreModules.some((name) => name.replace(/^node:/, '') === plain);
}

/** Only what has no path: files are esbuild's own business. */
function gatePlugin(ignoreModules: readonly string[], refused: Refused[]): Plugin {
  return {
    name: 'troupe-gate',
    setup(build) {
      build.onResolve({ filter: /^[^./\\]/ }, ({ path: specifier, importer, kind }) => {
        if (kind === 'entry-point') {
          const [namespace, name] = splitKey(specifier);
          return namespace === undefined ? undefined : { path: name, namespace };
        }
        if (isIgnored(specifier, ignoreModules)) return { path: specifier, namespace: IGNORED };
        const door = doorFile(specifier);
        if (door !== undefined) return { path: door };
        if (Object.hasOwn(SHIMS, specifier.replace(/^node:/, ''))) {
          return { path: specifier.replace(/^node:/, ''), namespace: SHIM };
        }
        if (!isBuiltin(specifier) && !isClosedDoor(specifier)) return undefined;
        refused.push({ specifier, importer });
        return { path: specifier, external: true };
      });
      build.onLoad({ filter: /.*/, namespace: IGNORED }, () => ({
        contents: 'module.exports = {};',
        loader: 'js',
      }));
      build.onLoad({ filter: /.*/, namespace: SHIM }, ({ path: name }) => ({
        contents: SHIMS[name] ?? '',
        loader: 'js',
      }));
      // Temporal's add-ons keep what they need of the workflow package behind a file that its bundler exchanges.
      build.onLoad({ filter: /[\\/]workflow-imports\.js$/ }, ({ path: file }) => {
        const real = file.replace(/\.js$/, '-impl.js');
        if (!existsSync(real)) return undefined;
        return { contents: `module.exports = require('./workflow-imports-impl.js');`, loader: 'js' };
      });
    },
  };
}

function splitKey(key: string): readonly [namespace: string | undefined, name: string] {
  for (const namespace of [IGNORED, SHIM]) {
    if (key.startsWith(`${namespace}:`)) return [namespace, key.slice(namespace.length + 1)];
  }
  return [undefined, key];
}

const keyOf = (inputPath: string): string =>
  splitKey(inputPath)[0] === undefined ? path.resolve(inputPath) : inputPath;

/** As a path of the metafile is shown to people. */
export function displayName(key: string): string {
  if (splitKey(key)[0] !== undefined) return splitKey(key)[1];
  const relative = path.relative(process.cwd(), key);
  return relative.startsWith('..') || path.isAbsolute(relative) ? key : relative.split(path.sep).join('/');
}

/** @throws {BundleError} a file does not parse, or an import leads nowhere. */
export async function findModules({ entries, ignoreModules, define }: ModuleOptions): Promise<ModuleGraph> {
  const refused: Refused[] = [];
  const { build } = await loadEsbuild();
  const files = [...new Set(Object.values(entries))];
  const { metafile } = await asBundleError(
    build({
      ...BASE,
      bundle: true,
      treeShaking: false,
      metafile: true,
      outdir: '/bundle',
      entryPoints: files.map((file, i) => ({ in: file, out: `entry-${i}` })),
      define: { ...define },
      plugins: [gatePlugin(ignoreModules, refused)],
    }),
  );
  const modules = new Map<string, SourceModule>();
  for (const [inputPath, input] of Object.entries(metafile.inputs)) {
    const key = keyOf(inputPath);
    const imports = input.imports.map(({ path: target, kind, original, external }) => ({
      specifier: original ?? target,
      kind,
      ...(external !== true && { target: keyOf(target) }),
    }));
    modules.set(key, { key, imports, format: input.format ?? 'unknown' });
  }
  return { modules, refused };
}

/** @throws {BundleError} */
export async function compileModules(
  modules: readonly SourceModule[],
  { ignoreModules, define }: Omit<ModuleOptions, 'entries'>,
): Promise<readonly CompiledModule[]> {
  const { build } = await loadEsbuild();
  const { outputFiles } = await asBundleError(
    build({
      ...BASE,
      write: false,
      bundle: false,
      sourcemap: 'external',
      sourcesContent: false,
      outdir: path.resolve('/bundle'),
      entryPoints: modules.map(({ key }, i) => ({ in: key, out: `module-${i}` })),
      define: { ...define },
      plugins: [gatePlugin(ignoreModules, [])],
    }),
  );
  const outputs = new Map(outputFiles.map(({ path: file, text }) => [path.basename(file), text]));
  return modules.map((module, i) => {
    const map = outputs.get(`module-${i}.js.map`);
    return { ...module, code: outputs.get(`module-${i}.js`) ?? '', ...(map !== undefined && { map }) };
  });
}

async function asBundleError<T>(building: Promise<T>): Promise<T> {
  try {
    return await building;
  } catch (error) {
    const errors = (error as { readonly errors?: readonly Message[] }).errors;
    if (errors === undefined) throw error;
    throw new BundleError(errors.map(problemOf));
  }
}

function problemOf({ text, location }: Message): BundleError['problems'][number] {
  const message = /top-level await/i.test(text)
    ? 'workflow code cannot use top-level await: no workflow is running yet when its modules are loaded'
    : text;
  if (location === null) return { message, chain: [] };
  return { message, chain: [{ name: displayName(keyOf(location.file)), line: location.line }] };
}
