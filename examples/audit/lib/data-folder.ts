// Where everything of an audit lies. The folder is named by an environment variable, so that activities in other threads
// find it and no path of this machine gets into a workflow's history.
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const VARIABLE = 'TROUPE_AUDIT_DATA';

export const useDataFolder = (folder: string): void => {
  process.env[VARIABLE] = folder;
};

/** @throws outside the worker process, which sets it before anything else. */
export function dataFolder(): string {
  const folder = process.env[VARIABLE];
  if (folder === undefined) throw new Error(`${VARIABLE} is not set`);
  return folder;
}

export const storeFolder = (data: string): string => path.join(data, 'store');
export const auditsFolder = (data: string): string => path.join(data, 'audits');
const auditFile = (data: string, auditId: string, name: string): string =>
  path.join(auditsFolder(data), auditId, name);

export const planFile = (data: string, auditId: string): string => auditFile(data, auditId, 'plan.jsonl');
export const ledgerFile = (data: string, auditId: string): string => auditFile(data, auditId, 'ledger.jsonl');
export const bookFile = (data: string, auditId: string): string => auditFile(data, auditId, 'results.jsonl');
export const hashesFile = (data: string, auditId: string, index: number): string =>
  auditFile(data, auditId, path.join('hashes', `${index}.jsonl`));

/** The file holds all of the text or what it held before, whenever the process dies. */
export function replaceFile(file: string, text: string): void {
  mkdirSync(path.dirname(file), { recursive: true });
  const unfinished = `${file}.${process.pid}.tmp`;
  const descriptor = openSync(unfinished, 'w');
  try {
    writeFileSync(descriptor, text);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(unfinished, file);
}
