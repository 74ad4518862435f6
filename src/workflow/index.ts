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
  CompleteAsyncError,
  ExternalStorageNotConfiguredError,
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
export type {
  SearchAttributePair,
  SearchAttributes,
  SearchAttributeValue,
  SearchAttributeUpdatePair,
  TypedSearchAttributes,
} from '../common/search-attributes';
export type { WorkflowDefinitionOptions, WorkflowDefinitionOptionsOrGetter } from '../common/versioning';
export {
  decodeWorkflowIdConflictPolicy,
  decodeWorkflowIdReusePolicy,
  encodeWorkflowIdConflictPolicy,
  encodeWorkflowIdReusePolicy,
  extractWorkflowType,
  WorkflowIdConflictPolicy,
  WorkflowIdReusePolicy,
} from '../common/workflow-options';
export type { BaseWorkflowHandle } from '../common/workflow-handle';
export type {
  BaseWorkflowOptions,
  CommonWorkflowOptions,
  WithWorkflowArgs,
  WorkflowDurationOptions,
} from '../common/workflow-options';
export { NotAnActivityMethod, proxyActivities, proxyLocalActivities, scheduleActivity } from './activities';
export type {
  ActivityFunctionWithOptions,
  ActivityInterfaceFor,
  LocalActivityFunctionWithOptions,
  LocalActivityInterfaceFor,
} from './activities';
export { AsyncLocalStorage } from './async-local-storage';
export { enhancedStackTraceQuery, stackTraceQuery, workflowMetadataQuery } from './built-in-queries';
export type {
  EnhancedStackTrace,
  StackTrace,
  StackTraceFileLocation,
  StackTraceFileSlice,
  StackTraceSDKInfo,
} from './built-in-queries';
export { CancellationScope } from './cancellation-scope';
export type { CancellationScopeOptions } from './cancellation-scope';
export { addDefaultWorkflowOptions, executeChild, startChild } from './children';
export type { ChildWorkflowHandle } from './children';
export { condition } from './condition';
export { continueAsNew, makeContinueAsNewFunc } from './continue-as-new';
export { setWorkflowOptions } from './definition-options';
export { ContinueAsNew, DeterminismViolationError, isCancellation, WorkflowError } from './errors';
export {
  currentUpdateInfo,
  getCurrentDetails,
  inWorkflowContext,
  setCurrentDetails,
  uuid4,
  workflowInfo,
} from './info';
export type { UpdateInfo } from './info';
export type {
  ActivityInput,
  ContinueAsNewInput,
  ContinueAsNewInputOptions,
  DisposeInput,
  GetLogAttributesInput,
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
