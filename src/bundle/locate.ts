// Finds the file that a user means: a path, a URL or a `file:` string, with or without extension, a folder or a file.
// Host only; reads the file system, never the file.
import { statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { BundleError } from './errors';

/** In the order in which TypeScript and esbuild try them. */
export const EXTENSIONS = ['.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs', '.json'] as const;

/** After a build, or before one, the same path ends differently: `.js` means `.ts` where only that exists, and the reverse. */
const SIBLINGS: Readonly<Record<string, readonly string[]>> = {
  '.js': ['.ts', '.tsx', '.mjs', '.cjs'],
  '.jsx': ['.tsx'],
  '.mjs': ['.mts', '.js', '.ts'],
  '.cjs': ['.cts', '.js', '.ts'],
  '.ts': ['.js', '.mjs', '.cjs'],
  '.tsx': ['.jsx', '.js'],
  '.mts': ['.mjs', '.js'],
  '.cts': ['.cjs', '.js'],
};

/** `what` names the option in the error. @throws {BundleError} nothing is there. */
export function locate(what: string, wanted: string | URL): string {
  const file = toPath(what, wanted);
  for (const candidate of candidates(file)) if (isFile(candidate)) return candidate;
  throw new BundleError([
    {
      message: `${what}: no file at '${file}'`,
      chain: [],
      fix: `Tried the path itself, a folder's index file and the extensions ${EXTENSIONS.join(' ')}`,
    },
  ]);
}

/** The file of this package's own sources, which end in `.ts`, or in `.js` once built. */
export function locateOwn(file: string): string {
  for (const extension of ['.ts', '.js']) if (isFile(file + extension)) return file + extension;
  return file;
}

function toPath(what: string, wanted: string | URL): string {
  // A URL of another realm (jest) is no instance of ours.
  const text: unknown = typeof wanted === 'string' ? wanted : (wanted as Partial<URL> | null)?.href;
  if (typeof text !== 'string') throw new TypeError(`${what}: a path or a URL of a file`);
  return text.startsWith('file:') ? fileURLToPath(text) : path.resolve(text);
}

function* candidates(file: string): Iterable<string> {
  yield file;
  const extension = path.extname(file);
  const stem = file.slice(0, file.length - extension.length);
  for (const sibling of SIBLINGS[extension] ?? []) yield stem + sibling;
  for (const added of EXTENSIONS) yield file + added;
  for (const added of EXTENSIONS) yield path.join(file, `index${added}`);
}

function isFile(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
}
