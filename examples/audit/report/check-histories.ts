// The strictest witness that nothing was recorded twice is Troupe's own history of each package's workflow: an activity
// that was scheduled once is completed at most once.
import { WorkflowNotFoundError } from 'troupe/client';
import type { Client } from 'troupe/client';
import { planFile } from '../lib/data-folder.ts';
import { readLines } from '../lib/ledger.ts';
import { packageWorkflowId } from '../lib/workflow-id.ts';
import type { PackageRef } from '../model.ts';

export interface HistoryCheck {
  readonly histories: number;
  readonly completedTwice: number;
}

/** As much of an event as is read here; the form is Temporal's. */
interface HistoryEvent {
  readonly activityTaskCompletedEventAttributes?: { readonly scheduledEventId: string };
}

const AT_ONCE = 16;
/** Enough to be sure; a hundred thousand histories would take longer than the audit. */
const HISTORIES_MAX = 5_000;

export async function checkHistories(client: Client, data: string, auditId: string): Promise<HistoryCheck> {
  const plan = readLines<PackageRef>(planFile(data, auditId)).slice(0, HISTORIES_MAX);
  let histories = 0;
  let completedTwice = 0;
  const next = plan[Symbol.iterator]();
  const reader = async (): Promise<void> => {
    for (const { index } of next) {
      const twice = await completedTwiceIn(client, packageWorkflowId(auditId, index));
      if (twice === undefined) continue;
      histories += 1;
      completedTwice += twice;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, reader));
  return { histories, completedTwice };
}

/** @returns undefined when the history is past its retention. */
async function completedTwiceIn(client: Client, workflowId: string): Promise<number | undefined> {
  try {
    const { events } = await client.workflow.getHandle(workflowId).fetchHistory();
    const completed = (events as readonly HistoryEvent[]).flatMap(
      (event) => event.activityTaskCompletedEventAttributes?.scheduledEventId ?? [],
    );
    return completed.length - new Set(completed).size;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}
