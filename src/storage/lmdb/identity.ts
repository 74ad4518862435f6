// The STORE file: what a folder is, written once when the store is created, and checked against LMDB's own record.
// LMDB takes a missing or empty data file for a new store; this file is how we know that there was one. Host thread.
import { open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { EpochMs } from '../../model/time';
import { StoreDamagedError, StoreFormatError } from '../errors';
import { STORE_FORMAT_VERSION } from '../store';
import { FILES, isMissing, syncFolder } from './folder';

export interface Identity {
  readonly uuid: string;
  readonly formatVersion: number;
  readonly shardCount: number;
  readonly createdAt: EpochMs;
}

/** One line of JSON; its CRC is over the line without it. */
export function encodeIdentity(identity: Identity): string {
  const { uuid, formatVersion, shardCount, createdAt } = identity;
  const fields = { uuid, formatVersion, shardCount, createdAt };
  return `${JSON.stringify({ ...fields, crc32: crc32(JSON.stringify(fields)) })}\n`;
}

/** What is wrong with the text, or the identity in it. */
export type DecodedIdentity =
  | { readonly kind: 'identity'; readonly identity: Identity }
  | { readonly kind: 'otherFormat'; readonly formatVersion: number }
  | { readonly kind: 'damaged' };

export function decodeIdentity(text: string): DecodedIdentity {
  const fields = parseObject(text);
  if (fields === undefined) return { kind: 'damaged' };
  const { crc32: checksum, ...rest } = fields;
  if (checksum !== crc32(JSON.stringify(rest))) return { kind: 'damaged' };
  const { uuid, formatVersion, shardCount, createdAt } = rest;
  if (typeof formatVersion !== 'number') return { kind: 'damaged' };
  // Another version may have other fields: only its number and its checksum are common to all.
  if (formatVersion !== STORE_FORMAT_VERSION) return { kind: 'otherFormat', formatVersion };
  if (typeof uuid !== 'string' || typeof shardCount !== 'number' || typeof createdAt !== 'number') {
    return { kind: 'damaged' };
  }
  return { kind: 'identity', identity: { uuid, formatVersion, shardCount, createdAt } };
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** @returns undefined when the folder has no STORE file. */
export async function readIdentity(folder: string): Promise<Identity | undefined> {
  const file = join(folder, FILES.identity);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
  const decoded = decodeIdentity(text);
  if (decoded.kind === 'identity') return decoded.identity;
  if (decoded.kind === 'otherFormat') {
    throw new StoreFormatError(folder, decoded.formatVersion, STORE_FORMAT_VERSION);
  }
  throw new StoreDamagedError(file, 'it is not what Troupe wrote there', 'Restore the folder from a backup.');
}

/** First step of a creation: from here on a half-made store is known as such. Durable when it returns. */
export async function writeCreating(folder: string, identity: Identity): Promise<void> {
  const file = await open(join(folder, FILES.creating), 'w');
  try {
    await file.writeFile(encodeIdentity(identity));
    await file.sync();
  } finally {
    await file.close();
  }
  await syncFolder(folder);
}

/** Last step of a creation: the store exists. Also makes the directory entries of LMDB's files durable. */
export async function finishCreating(folder: string): Promise<void> {
  await rename(join(folder, FILES.creating), join(folder, FILES.identity));
  await syncFolder(folder);
}

/** Removes what a creation left that did not come to its end: nothing of it was ever acknowledged. */
export async function removeUnfinished(folder: string): Promise<void> {
  await rm(join(folder, FILES.data), { force: true });
  await rm(join(folder, FILES.readers), { force: true });
  await rm(join(folder, FILES.creating), { force: true });
}
