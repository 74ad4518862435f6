// Module hooks: TypeScript files become ES modules through esbuild, one by one, types unchecked.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { transform } from 'esbuild';

/**
 * Our sources write relative imports without an extension, as CommonJS allows, and those that are loaded later with that of the file
 * which they become: try what TypeScript would.
 */
const SUFFIXES = ['', '.ts', '/index.ts'];

export async function resolve(specifier, context, nextResolve) {
  if (specifier.startsWith('.') && isOurs(context.parentURL)) {
    const base = new URL(specifier.replace(/\.js$/, ''), context.parentURL);
    for (const suffix of SUFFIXES) {
      const candidate = new URL(base.href + suffix);
      if (isFile(candidate)) return { url: candidate.href, shortCircuit: true };
    }
  }
  return nextResolve(specifier, context);
}

export async function load(url, context, nextLoad) {
  if (!url.startsWith('file:') || !url.endsWith('.ts')) return nextLoad(url, context);
  const file = fileURLToPath(url);
  const source = readFileSync(file, 'utf8');
  const { code } = await transform(source, {
    // Our sources are CommonJS once built, and ask where they are.
    ...(/\b__dirname\b/.test(source) && { banner: 'const __dirname = import.meta.dirname;' }),
    loader: 'ts',
    format: 'esm',
    target: 'node20',
    sourcefile: file,
    sourcemap: 'inline',
  });
  return { format: 'module', source: code, shortCircuit: true };
}

function isOurs(url) {
  return url !== undefined && url.startsWith('file:') && !/\/(node_modules|dist)\//.test(url);
}

function isFile(url) {
  return existsSync(url) && statSync(url).isFile();
}
