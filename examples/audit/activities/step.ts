// What all activities of the audit have in common: each execution is on the ledger before it begins, and a failure says
// whether another attempt makes sense.
import { ApplicationFailure, CancelledFailure, Context } from 'troupe/activity';
import type { AuditRef, PackageRef } from '../model.ts';
import { dataFolder, ledgerFile } from '../lib/data-folder.ts';
import { AppendOnlyFile } from '../lib/ledger.ts';

/** One line of the ledger. A `begin` without its `end` was cut off. */
export interface Execution {
  readonly event: 'begin' | 'end';
  readonly step: string;
  /** The same for all attempts of a step: the id of the run and the id of the activity in it. */
  readonly key: string;
  readonly attempt: number;
  readonly pid: number;
  readonly at: number;
  readonly pkg?: number;
}

export interface StepInput {
  readonly audit: AuditRef;
  readonly pkg?: PackageRef;
}

/** What may pass by itself. Anything else that was not foreseen is final for its package, and a line in the report. */
const PASSING = [
  'EAGAIN',
  'EBUSY',
  'EDQUOT',
  'EIO',
  'EMFILE',
  'ENFILE',
  'ENOMEM',
  'ENOSPC',
  'ETIMEDOUT',
  'ESTALE',
];

const ledgers = new Map<string, AppendOnlyFile<Execution>>();

/** Makes an activity of `work`. Its attempts share one key, which makes their effects recognisable. */
export function step<Input extends StepInput, Result>(
  name: string,
  work: (input: Input, key: string) => Promise<Result>,
): (input: Input) => Promise<Result> {
  return async (input) => {
    const { workflowExecution, activityId, attempt } = Context.current().info;
    const key = `${workflowExecution?.runId ?? ''}/${activityId}`;
    const ledger = ledgerOf(input.audit.id);
    const line = (event: Execution['event']): Execution => ({
      event,
      step: name,
      key,
      attempt,
      pid: process.pid,
      at: Date.now(),
      ...(input.pkg && { pkg: input.pkg.index }),
    });
    await ledger.append(line('begin'));
    try {
      const result = await work(input, key);
      // Nobody waits for this line: a kill that takes it along cuts the attempt off as well.
      ledger.append(line('end')).catch(() => undefined);
      return result;
    } catch (error) {
      throw isFinal(error) ? ApplicationFailure.nonRetryable(messageOf(error), 'StepFailed') : error;
    }
  };
}

function ledgerOf(auditId: string): AppendOnlyFile<Execution> {
  let ledger = ledgers.get(auditId);
  if (!ledger) ledgers.set(auditId, (ledger = new AppendOnlyFile(ledgerFile(dataFolder(), auditId))));
  return ledger;
}

function isFinal(error: unknown): boolean {
  if (error instanceof CancelledFailure || error instanceof ApplicationFailure) return false;
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return !(typeof code === 'string' && PASSING.includes(code));
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
