// Writes a node_modules of 30 packages for the audit: ordinary ones, copies of files, and everything that can be wrong.
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';

export interface FixturePackages {
  /** The node_modules folder. */
  readonly folder: string;
  readonly packages: number;
  /** Packages whose licence nobody can tell, by name. */
  readonly unknownLicences: readonly string[];
  /** Words that the report must say, each about one broken package. */
  readonly troubles: readonly string[];
}

const MIT_TEXT =
  'Permission is hereby granted, free of charge, to any person obtaining a copy of this software';
const SHARED_FILE = 'module.exports = (value) => value;\n'.repeat(40);
const LICENCES = ['MIT', 'ISC', 'Apache-2.0', 'BSD-3-Clause', '(MIT OR GPL-3.0)', 'MPL-2.0', 'GPL-3.0-only'];

export function writeFixturePackages(root: string): FixturePackages {
  const folder = path.join(root, 'node_modules');
  const write = (name: string, content: string): string => {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
    return file;
  };
  const manifest = (name: string, licence: unknown): string =>
    JSON.stringify({ name, version: '1.0.0', ...(licence !== undefined && { license: licence }) });
  let packages = 0;
  const add = (name: string, licence: unknown, place = name): void => {
    packages += 1;
    write(`${place}/package.json`, manifest(name, licence));
    write(`${place}/index.js`, `exports.name = '${name}';\n`.repeat(packages * 20));
  };

  for (let index = 1; index <= 18; index += 1) {
    const name = index % 6 === 0 ? `@scope/plain-${index}` : `plain-${index}`;
    add(name, LICENCES[index % LICENCES.length]);
    if (index % 3 === 0) write(`${name}/lib/shared.js`, SHARED_FILE);
  }
  // Installed twice: once for everybody, once inside of one package.
  add('plain-1', 'MIT', 'plain-2/node_modules/plain-1');
  // No licence in the manifest, but a file whose words tell.
  add('licence-file', undefined);
  write('licence-file/LICENSE', MIT_TEXT);

  const unknownLicences = ['unknown-licence', 'unknown-words'];
  add('unknown-licence', 'Our-Own-1.0');
  add('unknown-words', undefined);
  write('unknown-words/LICENSE', 'Do as you please on Tuesdays.');

  // From here on something is wrong with each.
  write('broken-manifest/package.json', '{ "name": "broken-manifest", ');
  write('broken-manifest/LICENSE', MIT_TEXT);
  write('array-manifest/package.json', '[1, 2, 3]');
  write('array-manifest/LICENSE', MIT_TEXT);
  write('no-manifest/index.js', '');
  write('no-manifest/LICENSE', MIT_TEXT);
  mkdirSync(path.join(folder, 'empty-folder'), { recursive: true });
  packages += 4;

  add('loop-of-links', 'MIT');
  symlinkSync('.', path.join(folder, 'loop-of-links/itself'));
  symlinkSync('around', path.join(folder, 'loop-of-links/around'));
  add('dead-link', 'MIT');
  symlinkSync('nowhere', path.join(folder, 'dead-link/gone.js'));
  add('unreadable-file', 'MIT');
  chmodSync(write('unreadable-file/secret.js', 'secret'), 0o000);
  symlinkSync('plain-1', path.join(folder, 'linked-package'));
  packages += 1;

  return {
    folder,
    packages,
    unknownLicences: [...unknownLicences, 'empty-folder'],
    troubles: [
      'is broken',
      'is no JSON object',
      'is missing',
      'is empty',
      'a loop',
      'is a link to nothing',
      'is a link to plain-1: not followed',
      // Root may read everything.
      ...(process.getuid?.() === 0 ? [] : ['may not be read']),
    ],
  };
}
