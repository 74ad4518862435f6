// What the runner knows from one start to the next: which audit is unfinished. The audit itself is in Troupe's store.
import { readFileSync, rmSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import type { AuditRef } from '../model.ts';
import { auditsFolder, replaceFile } from './data-folder.ts';
import { UsageError } from './options.ts';
import type { Options } from './options.ts';

export interface AuditState {
  readonly version: 1;
  readonly audit: AuditRef;
  readonly window: number;
  readonly licenceWaitMs: number;
  readonly startedAt: number;
  /** Whether the runner still has to kill the worker half-way. Written before it does: it happens once. */
  readonly crash: 'due' | 'done' | 'off';
  /** Worker processes started so far. */
  readonly workers: number;
  readonly finished: boolean;
}

const stateFile = (data: string): string => path.join(data, 'audit.json');

export function saveState(data: string, state: AuditState): void {
  replaceFile(stateFile(data), `${JSON.stringify(state, null, 2)}\n`);
}

/** The audit to work at: the unfinished one, or a new one, already saved. @throws {UsageError} when they differ. */
export function takeUp(options: Options, defaultFolder: string): { state: AuditState; resumed: boolean } {
  const { data, crash } = options;
  const last = options.fresh ? undefined : readState(data);
  if (last && !last.finished) {
    const { folder } = last.audit;
    if (options.folder !== undefined && options.folder !== folder) {
      throw new UsageError(
        `the audit of ${folder} is unfinished: start without a folder to finish it, ` +
          'with --fresh to give it up, or with another --data folder',
      );
    }
    return { state: crash ? last : { ...last, crash: 'off' }, resumed: true };
  }
  const state: AuditState = {
    version: 1,
    audit: { id: newId(), folder: options.folder ?? defaultFolder },
    window: options.window,
    licenceWaitMs: options.licenceWaitMs,
    startedAt: Date.now(),
    crash: crash ? 'due' : 'off',
    workers: 0,
    finished: false,
  };
  removeOtherAudits(data);
  saveState(data, state);
  return { state, resumed: false };
}

function readState(data: string): AuditState | undefined {
  try {
    const state = JSON.parse(readFileSync(stateFile(data), 'utf8')) as AuditState;
    return state.version === 1 ? state : undefined;
  } catch (error) {
    if (error instanceof SyntaxError)
      throw new UsageError(`${stateFile(data)} is damaged: remove it, or use --fresh`);
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** The report is what stays of an audit; its own files are large. */
function removeOtherAudits(data: string): void {
  rmSync(auditsFolder(data), { recursive: true, force: true });
}

/** Sorts by time, and two audits of one second differ. */
function newId(): string {
  const second = new Date().toISOString().slice(0, 19).replaceAll(':', '-');
  return `${second}-${randomBytes(2).toString('hex')}`;
}
