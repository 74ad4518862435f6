// Which status a close event gives its run.
import type { CloseEvent, RunStatus } from '../model/event';

const STATUS: Readonly<Record<CloseEvent['kind'], RunStatus>> = {
  workflowExecutionCompleted: 'COMPLETED',
  workflowExecutionFailed: 'FAILED',
  workflowExecutionTimedOut: 'TIMED_OUT',
  workflowExecutionCanceled: 'CANCELED',
  workflowExecutionTerminated: 'TERMINATED',
  workflowExecutionContinuedAsNew: 'CONTINUED_AS_NEW',
};

export const statusOf = (event: CloseEvent): RunStatus => STATUS[event.kind];
