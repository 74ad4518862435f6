// Finds the files of one package. Never follows a symbolic link, so it ends on any tree.
import { lstat, readdir, readlink, stat } from 'node:fs/promises';
import type { Dirent } from 'node:fs';
import path from 'node:path';
import type { PackageRef } from '../model.ts';
import { isOwnPackage } from './packages.ts';
import { troubleOf } from './troubles.ts';
import type { TroubleList } from './troubles.ts';

/** One file, by its path relative to the package, with `/`. */
export interface FoundFile {
  readonly path: string;
  readonly absolute: string;
}

export interface WalkOptions {
  readonly folder: string;
  readonly pkg: PackageRef;
  /** Absolute paths that are not looked into: the audit's own data. */
  readonly skip: readonly string[];
  readonly troubles: TroubleList;
}

/** Yields the files of the package in the order of their names. What cannot be read becomes a trouble. */
export async function* filesOf({ folder, pkg, skip, troubles }: WalkOptions): AsyncGenerator<FoundFile> {
  const root = path.join(folder, pkg.path);
  const pending = [''];
  let files = 0;
  for (let relative = pending.pop(); relative !== undefined; relative = pending.pop()) {
    const directory = path.join(root, relative);
    const below: string[] = [];
    for (const entry of await entriesOf(directory, relative, troubles)) {
      const name = relative === '' ? entry.name : `${relative}/${entry.name}`;
      const absolute = path.join(directory, entry.name);
      if (entry.isDirectory()) {
        if (!skip.includes(absolute) && !(await isElsewhere(entry.name, absolute, pkg))) below.push(name);
      } else if (entry.isFile()) {
        files += 1;
        yield { path: name, absolute };
      } else {
        const what = entry.isSymbolicLink() ? await linkTrouble(absolute, root) : 'is no ordinary file';
        if (what !== undefined) troubles.add(name, what);
      }
    }
    pending.push(...below.reverse());
  }
  if (files === 0 && troubles.troubles.total === 0) troubles.add('.', 'is empty');
}

/** Opens nothing: a manifest may be a pipe that nobody writes to, and opening that would wait for ever. */
export async function isOrdinaryFile(absolute: string): Promise<boolean> {
  return (await lstat(absolute)).isFile();
}

async function entriesOf(directory: string, relative: string, troubles: TroubleList): Promise<Dirent[]> {
  try {
    const entries = await readdir(directory, { withFileTypes: true });
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    const what = troubleOf(error);
    if (what === undefined) throw error;
    troubles.add(relative === '' ? '.' : relative, what);
    return [];
  }
}

/** Directories whose files belong to another package, or to no package. */
async function isElsewhere(name: string, absolute: string, pkg: PackageRef): Promise<boolean> {
  if (name === 'node_modules' || name === '.git') return true;
  return pkg.kind === 'own' && (await isOwnPackage(absolute));
}

/** A link into the same package is ordinary (its target is counted where it is); the others deserve a line. */
async function linkTrouble(absolute: string, root: string): Promise<string | undefined> {
  try {
    const target = path.resolve(path.dirname(absolute), await readlink(absolute));
    if (isWithin(absolute, target)) return 'is a link to a folder that it lies in (a loop): not followed';
    await stat(absolute);
    return isWithin(target, root) ? undefined : 'is a link out of the package: not followed';
  } catch (error) {
    const what = troubleOf(error);
    if (what === undefined) throw error;
    return what === ABSENT ? 'is a link to nothing' : what;
  }
}
const ABSENT = troubleOf(Object.assign(new Error(), { code: 'ENOENT' }));

const isWithin = (inner: string, outer: string): boolean =>
  inner === outer || inner.startsWith(outer.endsWith(path.sep) ? outer : outer + path.sep);
