// The file of the activities that run on threads, as one ES module: Node cannot load TypeScript there. Packages stay outside, and
// are named by the files that they are: the module lies in a folder without any. Host only; runs none of the code.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { BuildFailure, Loader, OnResolveArgs, OnResolveResult, Plugin, PluginBuild } from 'esbuild';
import { BundleError } from './errors';
import { locate } from './locate';

export type ActivitiesModule =
  /** Node loads it as it is. */
  | { readonly kind: 'file'; readonly file: string; readonly hash: string }
  /** To be written to a file that ends in `.mjs`. */
  | { readonly kind: 'bundle'; readonly code: string; readonly hash: string };

const LOADABLE = ['.js', '.mjs', '.cjs'];
/** `src` or `dist`. */
const PACKAGE_CODE = path.dirname(__dirname);

/** @throws {BundleError} no such file, or one that cannot be compiled */
export async function bundleActivities(activitiesPath: string | URL): Promise<ActivitiesModule> {
  const file = locate('activitiesPath', activitiesPath);
  if (LOADABLE.includes(path.extname(file))) {
    return { kind: 'file', file, hash: hashOf(await readFile(file, 'utf8')) };
  }
  const code = await bundle(file);
  return { kind: 'bundle', code, hash: hashOf(code) };
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16);

async function bundle(file: string): Promise<string> {
  const { build } = await import('esbuild');
  try {
    const { outputFiles } = await build({
      entryPoints: [file],
      bundle: true,
      write: false,
      outfile: path.join(path.dirname(file), 'activities.mjs'),
      platform: 'node',
      format: 'esm',
      target: 'node20',
      sourcemap: 'external',
      sourcesContent: false,
      logLevel: 'silent',
      define: PLACES,
      // For the CommonJS in it: a module has no `require` of its own.
      banner: {
        js: `import { createRequire as __troupeCreateRequire } from 'node:module'; const require = __troupeCreateRequire(${JSON.stringify(pathToFileURL(file).href)});`,
      },
      plugins: [packagesOutside, ownPlaces],
    });
    const textOf = (extension: string): string =>
      outputFiles.find((output) => output.path.endsWith(extension))?.text ?? '';
    return textOf('.mjs') + mapComment(textOf('.map'), path.dirname(file));
  } catch (error) {
    throw bundleErrorOf(error);
  }
}

/** The module will lie elsewhere: its map names the sources by where they are. */
function mapComment(text: string, folder: string): string {
  const map = JSON.parse(text) as { sources: string[] };
  map.sources = map.sources.map((source) => pathToFileURL(path.resolve(folder, source)).href);
  const encoded = Buffer.from(JSON.stringify(map)).toString('base64');
  return `//# sourceMappingURL=data:application/json;base64,${encoded}\n`;
}

function bundleErrorOf(error: unknown): unknown {
  const { errors } = error as Partial<BuildFailure>;
  if (!Array.isArray(errors) || errors.length === 0) return error;
  return new BundleError(
    (error as BuildFailure).errors.map(({ text, location }) => ({
      message: `activitiesPath: ${text}`,
      chain: location === null ? [] : [{ name: location.file, line: location.line }],
    })),
  );
}

/** Each file keeps its own idea of where it is. */
const PLACES = {
  'import.meta.url': '__troupe_url',
  'import.meta.filename': '__troupe_filename',
  'import.meta.dirname': '__troupe_dirname',
  __filename: '__troupe_filename',
  __dirname: '__troupe_dirname',
};
const NAMES_A_PLACE = /\bimport\.meta\b|\b__(file|dir)name\b/;
const LOADERS: Readonly<Record<string, Loader>> = {
  '.ts': 'ts',
  '.mts': 'ts',
  '.cts': 'ts',
  '.tsx': 'tsx',
  '.jsx': 'jsx',
  '.js': 'js',
  '.mjs': 'js',
  '.cjs': 'js',
};

const ownPlaces: Plugin = {
  name: 'own-places',
  setup(build) {
    build.onLoad({ filter: /\.[cm]?[jt]sx?$/ }, async ({ path: file }) => {
      const text = await readFile(file, 'utf8');
      if (!NAMES_A_PLACE.test(text)) return undefined;
      const place = [pathToFileURL(file).href, file, path.dirname(file)].map((value) =>
        JSON.stringify(value),
      );
      // On the first line, so that the numbers of the others stay true.
      const head = `var __troupe_url=${place[0]},__troupe_filename=${place[1]},__troupe_dirname=${place[2]};`;
      const [hashbang = ''] = /^#!.*/.exec(text) ?? [];
      return {
        contents: head + text.slice(hashbang.length),
        loader: LOADERS[path.extname(file)] ?? 'js',
        resolveDir: path.dirname(file),
      };
    });
  },
};

const INSTALLED = /[\\/]node_modules[\\/]/;
const OWN = /^troupe(?:\/(\w+))?$/;

const packagesOutside: Plugin = {
  name: 'packages-outside',
  setup(build) {
    build.onResolve({ filter: /^[^./#]/ }, (args) => outside(build, args));
  },
};

async function outside(build: PluginBuild, args: OnResolveArgs): Promise<OnResolveResult | undefined> {
  const { path: name, importer, kind, resolveDir } = args;
  if (kind === 'entry-point' || path.isAbsolute(name) || isResolving(args.pluginData)) return undefined;
  if (isBuiltin(name)) return { path: name, external: true };
  const own = OWN.exec(name);
  if (own !== null) return { path: referenceTo(doorFile(own[1], kind), kind), external: true };
  const found = await build.resolve(name, { importer, kind, resolveDir, pluginData: RESOLVING });
  if (found.errors.length > 0) return { errors: found.errors, warnings: found.warnings };
  // Sources of the user's own: a path alias, or a package of the same workspace.
  if (found.external || !INSTALLED.test(found.path)) return { path: found.path, external: found.external };
  return { path: referenceTo(found.path, kind), external: true };
}

const RESOLVING = { troupe: 'resolving' };
const isResolving = (data: unknown): boolean => data === RESOLVING;

const referenceTo = (file: string, kind: OnResolveArgs['kind']): string =>
  kind === 'require-call' || kind === 'require-resolve' ? file : pathToFileURL(file).href;

/** Of this very copy of the package: the thread's own code uses it, too. */
function doorFile(door: string | undefined, kind: OnResolveArgs['kind']): string {
  const name = kind === 'require-call' ? 'index.js' : 'index.mjs';
  const inside = door === undefined ? name : path.join(door, name);
  const beside = path.join(PACKAGE_CODE, inside);
  return existsSync(beside) ? beside : path.join(PACKAGE_CODE, '..', 'dist', inside);
}
