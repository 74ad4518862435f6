// The types by which users describe workflows, activities and handlers. Types, and one enum. Pure.
import type { Loose } from './loose';

export type WorkflowReturnType = Promise<Loose>;
export type Workflow = (...args: Loose[]) => WorkflowReturnType;
/** What a workflow's promise resolves to. */
export type WorkflowResultType<W extends Workflow> = ReturnType<W> extends Promise<infer R> ? R : never;

export type WorkflowSignalType = (...args: Loose[]) => Promise<void> | void;
export type WorkflowSignalAnnotatedType = {
  handler: WorkflowSignalType;
  description?: string;
  unfinishedPolicy?: HandlerUnfinishedPolicy;
};
export type WorkflowQueryType = (...args: Loose[]) => Loose;
export type WorkflowQueryAnnotatedType = { handler: WorkflowQueryType; description?: string };
export type WorkflowUpdateType = (...args: Loose[]) => Loose;
export type WorkflowUpdateValidatorType = (...args: Loose[]) => void;
export type WorkflowUpdateAnnotatedType = {
  handler: WorkflowUpdateType;
  unfinishedPolicy?: HandlerUnfinishedPolicy;
  validator?: WorkflowUpdateValidatorType;
  description?: string;
};

declare const argsType: unique symbol;
declare const resultType: unique symbol;

/** Made by `defineSignal`. */
export interface SignalDefinition<Args extends Loose[] = [], Name extends string = string> {
  type: 'signal';
  name: Name;
  [argsType]?: Args;
}
/** Made by `defineQuery`. */
export interface QueryDefinition<Ret, Args extends Loose[] = [], Name extends string = string> {
  type: 'query';
  name: Name;
  [argsType]?: Args;
  [resultType]?: Ret;
}
/** Made by `defineUpdate`. */
export interface UpdateDefinition<Ret, Args extends Loose[] = [], Name extends string = string> {
  type: 'update';
  name: Name;
  [argsType]?: Args;
  [resultType]?: Ret;
}

export type ActivityFunction<P extends Loose[] = Loose[], R = Loose> = (...args: P) => Promise<R>;
/** @deprecated */
export type ActivityInterface = Record<string, ActivityFunction>;
export type UntypedActivities = Record<string, ActivityFunction>;

/** What is to happen to a handler that still runs when its workflow closes. */
export const HandlerUnfinishedPolicy = {
  /** A log line says so. The default. */
  WARN_AND_ABANDON: 'WARN_AND_ABANDON',
  ABANDON: 'ABANDON',
} as const;
export type HandlerUnfinishedPolicy = (typeof HandlerUnfinishedPolicy)[keyof typeof HandlerUnfinishedPolicy];
