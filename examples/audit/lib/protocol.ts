// What the runner and its worker process say to each other.
import type { Progress } from '../model.ts';
import type { Summary } from '../report/summary.ts';
import type { AuditState } from './state.ts';

/** The one argument of a worker process, as JSON. */
export interface Job {
  readonly state: AuditState;
  readonly data: string;
  readonly report: string;
  readonly approveAll: boolean;
}

export type FromWorker =
  | { readonly kind: 'open' }
  | { readonly kind: 'progress'; readonly progress: Progress }
  /** Half of the results are recorded, and the step that wrote the last of them waits to be killed. */
  | { readonly kind: 'halfway'; readonly recorded: number; readonly total: number }
  | { readonly kind: 'finished'; readonly summary: Summary }
  /** Nothing that another start of the worker would mend. */
  | { readonly kind: 'failed'; readonly message: string };

export type ToWorker =
  /** End at once, in order. */
  | { readonly kind: 'stop' }
  /** Every licence that waits may stay, or that of the package of this name. */
  | { readonly kind: 'approve'; readonly name?: string };
