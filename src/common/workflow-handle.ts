// What every handle of a workflow can do, in workflow code and outside. Types only.
import type { SignalDefinition, Workflow, WorkflowResultType } from './interfaces';
import type { Loose } from './loose';

export interface BaseWorkflowHandle<T extends Workflow> {
  /** Waits for the workflow's end. Rejects when it did not complete. */
  result(): Promise<WorkflowResultType<T>>;
  /** Resolves when the signal is recorded, not when it is handled. */
  signal<Args extends Loose[] = [], Name extends string = string>(
    def: SignalDefinition<Args, Name> | string,
    ...args: Args
  ): Promise<void>;
  readonly workflowId: string;
}

/** One history, for replay. */
export interface HistoryAndWorkflowId {
  workflowId: string;
  /** In official protobuf JSON. */
  history: Loose;
}
