// The steps of a transfer. Each is one transaction of the ledger under an idempotency key that all its attempts share.
import { ApplicationFailure, Context } from 'troupe/activity';
import { ApplicationFailureCategory } from 'troupe/common';
import type { Ledger, Posting } from './ledger.ts';

/** What is on its way between two accounts. Zero when no transfer is open. */
export const IN_TRANSIT = '(in transit)';

export function createActivities(ledger: Ledger) {
  const post = (posting: Posting): void => {
    const refusal = ledger.post(idempotencyKey(), posting);
    // An answer of the ledger, not an accident: another attempt would get the same, and no log needs to warn of it.
    if (refusal === undefined) return;
    const category = ApplicationFailureCategory.BENIGN;
    throw ApplicationFailure.create({ message: refusal, type: 'Refused', nonRetryable: true, category });
  };
  return {
    async withdraw(account: string, cents: number): Promise<void> {
      post({ from: account, to: IN_TRANSIT, cents });
    },
    async deposit(account: string, cents: number): Promise<void> {
      post({ from: IN_TRANSIT, to: account, cents });
    },
    /** Compensates for `withdraw`. */
    async giveBack(account: string, cents: number): Promise<void> {
      post({ from: IN_TRANSIT, to: account, cents, returns: true });
    },
  };
}

/** The run's id and the activity's id in it: the same for every attempt of this step, and for no other step. */
function idempotencyKey(): string {
  const { workflowExecution, activityId } = Context.current().info;
  if (!workflowExecution) throw new Error('a step of a transfer runs in a workflow');
  return `${workflowExecution.runId}/${activityId}`;
}
