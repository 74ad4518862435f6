// Reads a package's manifest, whatever is in it.
import { lstat, readFile, readlink } from 'node:fs/promises';
import path from 'node:path';
import type { Manifest, PackageRef } from '../model.ts';
import { MANIFEST_BYTES_MAX } from './packages.ts';
import { TroubleList, troubleOf } from './troubles.ts';

const TEXT_MAX = 200;

export async function readPackageManifest(folder: string, pkg: PackageRef): Promise<Manifest> {
  const troubles = new TroubleList();
  const unnamed = { name: pkg.path, version: '' };
  const root = path.join(folder, pkg.path);
  if (pkg.kind === 'link') {
    troubles.add('.', `is a link to ${await readlink(root).catch(() => 'elsewhere')}: not followed`);
    return { ...unnamed, troubles: troubles.troubles };
  }
  const fields = await fieldsOf(path.join(root, 'package.json'), pkg, troubles);
  if (fields && typeof fields['name'] !== 'string') troubles.add('package.json', 'has no name');
  const licence = fields && declaredLicence(fields);
  return {
    name: textOf(fields?.['name']) ?? unnamed.name,
    version: textOf(fields?.['version']) ?? '',
    ...(licence !== undefined && { declaredLicence: licence }),
    troubles: troubles.troubles,
  };
}

async function fieldsOf(
  file: string,
  pkg: PackageRef,
  troubles: TroubleList,
): Promise<Record<string, unknown> | undefined> {
  try {
    const entry = await lstat(file);
    if (!entry.isFile()) troubles.add('package.json', 'is no ordinary file');
    else if (entry.size > MANIFEST_BYTES_MAX) troubles.add('package.json', 'is too large for a manifest');
    else return parse(await readFile(file, 'utf8'), troubles);
  } catch (error) {
    const what = troubleOf(error);
    if (what === undefined) throw error;
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (pkg.kind !== 'whole') troubles.add('package.json', missing ? 'is missing' : what);
  }
  return undefined;
}

function parse(text: string, troubles: TroubleList): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text.replace(/^\ufeff/, ''));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return value as Record<string, unknown>;
    }
    troubles.add('package.json', 'is no JSON object');
  } catch (error) {
    troubles.add('package.json', `is broken: ${error instanceof Error ? error.message : String(error)}`);
  }
  return undefined;
}

/** `license` as text or as an object, or the old `licenses`, as one expression. */
function declaredLicence(fields: Record<string, unknown>): string | undefined {
  const single = licenceName(fields['license']) ?? licenceName(fields['licence']);
  if (single !== undefined) return single;
  const several: unknown = fields['licenses'];
  if (!Array.isArray(several)) return licenceName(several);
  const names = several.map(licenceName).filter((name) => name !== undefined);
  return names.length > 1 ? `(${names.join(' OR ')})` : names[0];
}

function licenceName(value: unknown): string | undefined {
  if (typeof value === 'object' && value !== null && 'type' in value) return textOf(value.type);
  return textOf(value);
}

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value.trim() !== '' ? value.trim().slice(0, TEXT_MAX) : undefined;
