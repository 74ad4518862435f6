// One transfer is one workflow: a saga. The money leaves one account, reaches the other, or goes back.
import { ActivityFailure, ApplicationFailure, CancellationScope, proxyActivities } from 'troupe/workflow';
import type { createActivities } from './activities.ts';
import type { Transfer } from './csv.ts';

// No limit of attempts: a kill costs one each time. What can never succeed says so itself (a non-retryable failure).
const { withdraw, deposit, giveBack } = proxyActivities<ReturnType<typeof createActivities>>({
  startToCloseTimeout: '1 minute',
  retry: { initialInterval: '100 ms', maximumInterval: '10 s' },
});

export type Outcome =
  | { readonly kind: 'done' }
  /** Nothing has moved. */
  | { readonly kind: 'refused'; readonly why: string }
  /** The money was on its way and is back where it came from. */
  | { readonly kind: 'undone'; readonly why: string };

/** A transfer is carried out whole: a request to cancel it would leave money on its way, which is nobody's. */
export async function transfer(order: Transfer): Promise<Outcome> {
  return CancellationScope.nonCancellable(() => carryOut(order));
}

async function carryOut({ from, to, cents }: Transfer): Promise<Outcome> {
  try {
    await withdraw(from, cents);
  } catch (error) {
    return { kind: 'refused', why: refusalOf(error) };
  }
  try {
    await deposit(to, cents);
    return { kind: 'done' };
  } catch (error) {
    const why = refusalOf(error);
    await giveBack(from, cents);
    return { kind: 'undone', why };
  }
}

/** What the ledger said. Anything else is no answer of the ledger, and the workflow's own failure. */
function refusalOf(error: unknown): string {
  if (error instanceof ActivityFailure && error.cause instanceof ApplicationFailure)
    return error.cause.message;
  throw error;
}
