// The activities that run on the host thread: they wait for the disk, they do not compute.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { open, readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { Context } from 'troupe/activity';
import { Book } from '../lib/book.ts';
import { dataFolder, hashesFile, planFile, replaceFile } from '../lib/data-folder.ts';
import { readLines } from '../lib/ledger.ts';
import { classify } from '../lib/licences.ts';
import { readPackageManifest } from '../lib/manifest.ts';
import { findPackages } from '../lib/packages.ts';
import { TroubleList, troubleOf } from '../lib/troubles.ts';
import { filesOf, isOrdinaryFile } from '../lib/walk.ts';
import type { AuditRef, HashedFiles, Licence, Manifest, PackageRef, PackageResult } from '../model.ts';
import { step } from './step.ts';

export interface PackageStep {
  readonly audit: AuditRef;
  readonly pkg: PackageRef;
}

/** One file of a package, as the file of hashes lists it. */
export interface HashedFile {
  readonly path: string;
  readonly bytes: number;
  /** SHA-256. */
  readonly hash: string;
}

export interface ActivityOptions {
  /** Called when a result is in the book for the first time; the activity goes on when it resolves. */
  readonly onRecorded: (recorded: number, total: number) => Promise<void>;
}

const LICENCE_FILE = /^(licen[cs]e|copying|unlicense)([.-].*)?$/i;
const LICENCE_BYTES_MAX = 256 * 1_024;
const HASH_CHUNK_BYTES = 256 * 1_024;

// What the worker process registers. Each takes one argument and is safe to repeat.
export function createActivities({ onRecorded }: ActivityOptions) {
  return {
    /** Searches the folder for packages, once: a repeated attempt finds the plan of the first. @returns how many. */
    makePlan: step('makePlan', async ({ audit }: { audit: AuditRef }): Promise<number> => {
      const file = planFile(dataFolder(), audit.id);
      if (!existsSync(file)) {
        const packages = await findPackages(audit.folder, [dataFolder()], () =>
          Context.current().heartbeat(),
        );
        replaceFile(file, packages.map((pkg) => `${JSON.stringify(pkg)}\n`).join(''));
      }
      return readLines<PackageRef>(file).length;
    }),

    readPlan: step(
      'readPlan',
      async ({
        audit,
        from,
        count,
      }: {
        audit: AuditRef;
        from: number;
        count: number;
      }): Promise<PackageRef[]> =>
        readLines<PackageRef>(planFile(dataFolder(), audit.id)).slice(from, from + count),
    ),

    readManifest: step('readManifest', async ({ audit, pkg }: PackageStep): Promise<Manifest> =>
      readPackageManifest(audit.folder, pkg),
    ),

    /** Hashes every file. The digests go to a file of their own, which a repeated attempt replaces. */
    hashFiles: step('hashFiles', async ({ audit, pkg }: PackageStep): Promise<HashedFiles> => {
      const troubles = new TroubleList();
      const hashed: HashedFile[] = [];
      for await (const file of filesOf({ folder: audit.folder, pkg, skip: [dataFolder()], troubles })) {
        Context.current().heartbeat();
        try {
          hashed.push({ path: file.path, ...(await hashOf(file.absolute)) });
        } catch (error) {
          const what = troubleOf(error);
          if (what === undefined) throw error;
          troubles.add(file.path, what);
        }
      }
      const lines = hashed.map((file) => `${JSON.stringify(file)}\n`).join('');
      replaceFile(hashesFile(dataFolder(), audit.id, pkg.index), lines);
      const bytes = hashed.reduce((sum, file) => sum + file.bytes, 0);
      return { files: hashed.length, bytes, troubles: troubles.troubles };
    }),

    classifyLicence: step(
      'classifyLicence',
      async ({ audit, pkg, declared }: PackageStep & { declared?: string }): Promise<Licence> =>
        classify(declared, await licenceText(path.join(audit.folder, pkg.path))),
    ),

    /** Writes the result into the book, unless an earlier attempt of this very step has done so. */
    recordResult: step(
      'recordResult',
      async (
        { audit, total, result }: PackageStep & { total: number; result: PackageResult },
        key,
      ): Promise<void> => {
        const book = Book.of(dataFolder(), audit.id);
        if (await book.record(key, result)) await onRecorded(book.size, total);
      },
    ),
  };
}

async function hashOf(file: string): Promise<{ bytes: number; hash: string }> {
  const handle = await open(file);
  try {
    const hash = createHash('sha256');
    const chunk = Buffer.allocUnsafe(HASH_CHUNK_BYTES);
    let bytes = 0;
    for (;;) {
      const { bytesRead } = await handle.read(chunk, 0, chunk.length);
      if (bytesRead === 0) return { bytes, hash: hash.digest('base64url') };
      hash.update(chunk.subarray(0, bytesRead));
      bytes += bytesRead;
      Context.current().heartbeat();
    }
  } finally {
    await handle.close();
  }
}

/** The beginning of the licence file, if there is one that can be read: reading all files is another step's trouble. */
async function licenceText(folder: string): Promise<string | undefined> {
  try {
    const name = (await readdir(folder)).sort().find((entry) => LICENCE_FILE.test(entry));
    if (name === undefined || !(await isOrdinaryFile(path.join(folder, name)))) return undefined;
    const text = await readFile(path.join(folder, name), 'utf8');
    return text.slice(0, LICENCE_BYTES_MAX);
  } catch (error) {
    if (troubleOf(error) === undefined) throw error;
    return undefined;
  }
}
