// Identifiers. Branded, so that a workflow id is never passed where a run id is meant.

declare const brand: unique symbol;
type Brand<T, Name extends string> = T & { readonly [brand]: Name };

/** Chosen by the caller, unique among the open runs of a namespace. At most `ID_BYTES_MAX` bytes of UTF-8. */
export type WorkflowId = Brand<string, 'WorkflowId'>;
/** A UUID in text form; UUIDv7 for runs that Troupe starts, so that keys grow to the right. */
export type RunId = Brand<string, 'RunId'>;
export type Namespace = Brand<string, 'Namespace'>;
export type TaskQueueName = Brand<string, 'TaskQueueName'>;
/** 1-based position of an event in its run's history. */
export type EventId = number;

export const workflowId = (text: string): WorkflowId => text as WorkflowId;
export const runId = (text: string): RunId => text as RunId;
export const namespace = (text: string): Namespace => text as Namespace;
export const taskQueueName = (text: string): TaskQueueName => text as TaskQueueName;

/** One run of a workflow. */
export interface Execution {
  readonly workflowId: WorkflowId;
  readonly runId: RunId;
}

/** Where a message goes: the current run of a workflow id, or one run of it. */
export interface Address {
  readonly namespace: Namespace;
  readonly workflowId: WorkflowId;
  /** Absent: the current run. */
  readonly runId?: RunId;
}

/** The workflow of an address as one text. */
export const workflowKey = ({ namespace, workflowId }: Address): string => `${namespace}\u0000${workflowId}`;
