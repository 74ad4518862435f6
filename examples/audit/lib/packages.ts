// Finds the packages under a folder: everything that stands in a node_modules, and every folder with a named manifest.
import { readFile, readdir, lstat } from 'node:fs/promises';
import type { Dirent } from 'node:fs';
import path from 'node:path';
import type { PackageRef } from '../model.ts';

/** Stores of linking package managers: their folders hold node_modules folders of their own. */
const LINKED_STORES = ['.pnpm', '.store'];
/** A manifest is read up to here; nobody's is larger. */
export const MANIFEST_BYTES_MAX = 4 * 1_024 * 1_024;

/** In the order of their paths, so that a repeated search of an unchanged folder gives the same plan. */
export async function findPackages(
  folder: string,
  skip: readonly string[],
  onFolder: () => void,
): Promise<PackageRef[]> {
  const found: Omit<PackageRef, 'index'>[] = [];
  const visit = async (relative: string, place: Place): Promise<void> => {
    onFolder();
    const absolute = path.join(folder, relative);
    if (skip.includes(absolute)) return;
    const entries = await directoriesOf(absolute);
    if (place === 'open' && (await isOwnPackage(absolute)))
      found.push({ path: relative || '.', kind: 'own' });
    for (const entry of entries) {
      const below = relative === '' ? entry.name : `${relative}/${entry.name}`;
      const next = placeOf(entry.name, place);
      const isLink = entry.isSymbolicLink();
      if (next === 'package') found.push({ path: below, kind: isLink ? 'link' : 'installed' });
      if (next !== undefined && !isLink) await visit(below, next);
    }
  };
  await visit('', path.basename(folder) === 'node_modules' ? 'modules' : 'open');
  if (found.length === 0 && (await directoriesOf(folder, 'files too')).length > 0) {
    found.push({ path: '.', kind: 'whole' });
  }
  return found
    .sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0))
    .map((pkg, index) => ({ index, ...pkg }));
}

/** Whether a folder outside node_modules is a package: its manifest has a name, or cannot be understood. */
export async function isOwnPackage(absolute: string): Promise<boolean> {
  const file = path.join(absolute, 'package.json');
  try {
    const { size } = await lstat(file).then((entry) => (entry.isFile() ? entry : { size: Infinity }));
    if (size > MANIFEST_BYTES_MAX) return true;
    const manifest: unknown = JSON.parse(await readFile(file, 'utf8'));
    return typeof manifest === 'object' && manifest !== null && 'name' in manifest;
  } catch (error) {
    return !(
      error instanceof Error &&
      'code' in error &&
      (error.code === 'ENOENT' || error.code === 'ENOTDIR')
    );
  }
}

/** Where a folder stands: in the open, in a node_modules, in a scope there, as a package there, or inside of one. */
type Place = 'open' | 'modules' | 'scope' | 'package' | 'inside';

/** What a directory is, by where it stands. `undefined`: it is not looked into. */
function placeOf(name: string, parent: Place): Place | undefined {
  if (parent === 'modules' || parent === 'scope') {
    if (name.startsWith('@') && parent === 'modules') return 'scope';
    if (!name.startsWith('.')) return 'package';
    return LINKED_STORES.includes(name) ? 'inside' : undefined;
  }
  if (name === 'node_modules') return 'modules';
  if (name === '.git') return undefined;
  return parent === 'open' ? 'open' : 'inside';
}

/** Directories, and links where a package could stand. Unreadable: none, its package says so. */
async function directoriesOf(absolute: string, which?: 'files too'): Promise<Dirent[]> {
  try {
    const entries = await readdir(absolute, { withFileTypes: true });
    const directories = entries.filter((entry) => which ?? (entry.isDirectory() || entry.isSymbolicLink()));
    return directories.sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    if (error instanceof Error && 'code' in error) return [];
    throw error;
  }
}
