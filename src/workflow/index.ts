// The door for workflow code: `troupe/workflow`. Explicit names; Temporal's. Evaluated inside the realm.
export { rootCause } from '../common/failure';
export {
  ActivityFailure,
  ApplicationFailure,
  CancelledFailure,
  ChildWorkflowFailure,
  ServerFailure,
  TemporalFailure,
  TerminatedFailure,
  TimeoutFailure,
  WorkflowExecutionAlreadyStartedError,
} from '../common/failure';
export type { ApplicationFailureOptions } from '../common/failure';
export { ApplicationFailureCategory, RetryState, TimeoutType } from '../common/failure-enums';
export {
  IllegalStateError,
  NamespaceNotFoundError,
  PayloadConverterError,
  ValueError,
  WorkflowNotFoundError,
} from '../common/errors';
export { ActivityCancellationType } from '../common/activity-options';
export type { ActivityOptions, LocalActivityOptions } from '../common/activity-options';
export type { RetryPolicy } from '../common/retry-policy';
export type { Duration } from '../common/time';
export { defineQuery, defineSignal, defineUpdate } from '../common/handler-definitions';
export { HandlerUnfinishedPolicy } from '../common/interfaces';
export type {
  ActivityFunction,
  ActivityInterface,
  QueryDefinition,
  SignalDefinition,
  UntypedActivities,
  UpdateDefinition,
  Workflow,
  WorkflowQueryType,
  WorkflowResultType,
  WorkflowReturnType,
  WorkflowSignalType,
} from '../common/interfaces';
export type { Headers, Next } from '../common/interceptors';
export { defaultPayloadConverter } from '../common/payload/default-payload-converter';
export type { Payload } from '../common/payload/payload';
export type { PayloadConverter } from '../common/payload/payload-converter';
export {
  ENHANCED_STACK_TRACE_QUERY_NAME as enhancedStackTraceQueryName,
  STACK_TRACE_QUERY_NAME as stackTraceQueryName,
} from '../common/reserved';
export type {
  SearchAttributePair,
  SearchAttributes,
  SearchAttributeUpdatePair,
  TypedSearchAttributes,
} from '../common/search-attributes';
export { extractWorkflowType, WorkflowIdReusePolicy } from '../common/workflow-options';
export type { BaseWorkflowHandle } from '../common/workflow-handle';
export type {
  BaseWorkflowOptions,
  CommonWorkflowOptions,
  WithWorkflowArgs,
} from '../common/workflow-options';
export { NotAnActivityMethod, proxyActivities, proxyLocalActivities, scheduleActivity } from './activities';
export type { ActivityFunctionWithOptions, ActivityInterfaceFor } from './activities';
export { AsyncLocalStorage } from './async-local-storage';
export { CancellationScope } from './cancellation-scope';
export type { CancellationScopeOptions } from './cancellation-scope';
export { executeChild, startChild } from './children';
export type { ChildWorkflowHandle } from './children';
export { condition } from './condition';
export { continueAsNew, makeContinueAsNewFunc } from './continue-as-new';
export { ContinueAsNew, DeterminismViolationError, isCancellation, WorkflowError } from './errors';
export { getCurrentDetails, inWorkflowContext, setCurrentDetails, uuid4, workflowInfo } from './info';
export type {
  ActivityInput,
  ContinueAsNewInput,
  QueryInput,
  SignalInput,
  SignalWorkflowInput,
  StartChildWorkflowExecutionInput,
  TimerInput,
  TimerOptions,
  WorkflowExecuteInput,
  WorkflowInboundCallsInterceptor,
  WorkflowInterceptors,
  WorkflowInterceptorsFactory,
  WorkflowInternalsInterceptor,
  WorkflowOutboundCallsInterceptor,
} from './interceptors';
export { log, metricMeter, proxySinks } from './log';
export type { Sink, SinkFunction, Sinks, WorkflowLogger } from './log';
export { ChildWorkflowCancellationType, ParentClosePolicy } from './options';
export type { ChildWorkflowOptions, ContinueAsNewOptions } from './options';
export { deprecatePatch, patched } from './patches';
export {
  allHandlersFinished,
  setDefaultQueryHandler,
  setDefaultSignalHandler,
  setDefaultUpdateHandler,
  setHandler,
} from './set-handler';
export type {
  DefaultQueryHandler,
  DefaultSignalHandler,
  DefaultUpdateHandler,
  Handler,
  QueryHandlerOptions,
  SignalHandlerOptions,
  UpdateHandlerOptions,
} from './set-handler';
export { getExternalWorkflowHandle } from './signal-external';
export type { ExternalWorkflowHandle } from './signal-external';
export { sleep } from './timers';
export { Trigger } from './trigger';
export { upsertMemo, upsertSearchAttributes } from './upsert';
export type { ParentWorkflowInfo, RootWorkflowInfo, UnsafeWorkflowInfo, WorkflowInfo } from './workflow-info';
