// How a run stands, as clients say it: Temporal's numbers and the names of its TypeScript client.
import type { RunStatus } from '../model/event';

export type WorkflowExecutionStatusName =
  | 'UNSPECIFIED'
  | 'RUNNING'
  | 'COMPLETED'
  | 'FAILED'
  | 'CANCELLED'
  | 'TERMINATED'
  | 'CONTINUED_AS_NEW'
  | 'TIMED_OUT'
  | 'PAUSED'
  | 'UNKNOWN';

interface StatusNames {
  readonly code: number;
  readonly name: WorkflowExecutionStatusName;
  /** In a query. */
  readonly label: string;
}

export const STATUSES: { readonly [S in RunStatus]: StatusNames } = {
  RUNNING: { code: 1, name: 'RUNNING', label: 'Running' },
  COMPLETED: { code: 2, name: 'COMPLETED', label: 'Completed' },
  FAILED: { code: 3, name: 'FAILED', label: 'Failed' },
  CANCELED: { code: 4, name: 'CANCELLED', label: 'Canceled' },
  TERMINATED: { code: 5, name: 'TERMINATED', label: 'Terminated' },
  CONTINUED_AS_NEW: { code: 6, name: 'CONTINUED_AS_NEW', label: 'ContinuedAsNew' },
  TIMED_OUT: { code: 7, name: 'TIMED_OUT', label: 'TimedOut' },
};

export const ALL_STATUSES = Object.keys(STATUSES) as readonly RunStatus[];

/** In any spelling: `Running`, `RUNNING`, `CANCELLED`, `TimedOut`, `1`. */
export function parseStatus(text: string): RunStatus | undefined {
  const wanted = text.replaceAll('_', '').toUpperCase();
  return ALL_STATUSES.find((status) => {
    const { code, name, label } = STATUSES[status];
    const spellings = [
      String(code),
      status.replaceAll('_', ''),
      name.replaceAll('_', ''),
      label.toUpperCase(),
    ];
    return spellings.includes(wanted);
  });
}
