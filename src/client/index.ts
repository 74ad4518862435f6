// The door `troupe/client`. Explicit names.
import '../connection/wire-client';

export { Connection } from '../connection/connection';
export type { ConnectionOptions } from '../connection/connection';
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
export type { WorkflowExecution } from '../common/failure';
export {
  CompleteAsyncError,
  ExternalStorageNotConfiguredError,
  IllegalStateError,
  NamespaceNotFoundError,
  PayloadConverterError,
  ValueError,
  WorkflowNotFoundError,
} from '../common/errors';
export { HandlerUnfinishedPolicy } from '../common/interfaces';
export type {
  ActivityFunction,
  ActivityInterface,
  QueryDefinition,
  SignalDefinition,
  UntypedActivities,
  UpdateDefinition,
  Workflow,
  WorkflowQueryAnnotatedType,
  WorkflowQueryType,
  WorkflowResultType,
  WorkflowReturnType,
  WorkflowSignalAnnotatedType,
  WorkflowSignalType,
  WorkflowUpdateAnnotatedType,
  WorkflowUpdateType,
  WorkflowUpdateValidatorType,
} from '../common/interfaces';
export type { DataConverter } from '../common/data-converter';
export type { ProtoFailure } from '../common/failure';
export type { Headers, Next } from '../common/interceptors';
export { defaultPayloadConverter } from '../common/payload/default-payload-converter';
export type { Payload } from '../common/payload/payload';
export type { RetryPolicy } from '../common/retry-policy';
export type { BaseWorkflowHandle, HistoryAndWorkflowId } from '../common/workflow-handle';
export {
  decodeWorkflowIdConflictPolicy,
  decodeWorkflowIdReusePolicy,
  encodeWorkflowIdConflictPolicy,
  encodeWorkflowIdReusePolicy,
  extractWorkflowType,
  WorkflowIdConflictPolicy,
  WorkflowIdReusePolicy,
} from '../common/workflow-options';
export type {
  BaseWorkflowOptions,
  CommonWorkflowOptions,
  WithWorkflowArgs,
  WorkflowDurationOptions,
} from '../common/workflow-options';
export { AsyncCompletionClient } from './async-completion-client';
export type { AsyncCompletionClientOptions, FullActivityId } from './async-completion-client';
export { Client } from './client';
export type { ClientInterceptors, ClientOptions } from './client';
export type { BaseClientOptions } from './client-options';
export type { ConnectionLike } from './connection-like';
export {
  ActivityCancelledError,
  ActivityCompletionError,
  ActivityNotFoundError,
  ActivityPausedError,
  ActivityResetError,
  QueryNotRegisteredError,
  QueryRejectedError,
  WorkflowContinuedAsNewError,
  WorkflowFailedError,
} from './errors';
export type {
  TargetExecution,
  WorkflowCancelInput,
  WorkflowClientInterceptor,
  WorkflowDescribeInput,
  WorkflowQueryInput,
  WorkflowSignalInput,
  WorkflowSignalWithStartInput,
  WorkflowStartInput,
  WorkflowStartOutput,
  WorkflowTerminateInput,
} from './interceptors';
export {
  decodeQueryRejectCondition,
  encodeQueryRejectCondition,
  QueryRejectCondition,
} from './query-reject-condition';
export { isGrpcCancelledError, isGrpcDeadlineError, isGrpcServiceError, ServiceError } from './service-error';
export type { GrpcStatusError } from './service-error';
export type { HistoryJson } from './fetch-history';
export { UnsupportedQueryError } from './visibility-query';
export type { WorkflowFilter } from './visibility-query';
export { WorkflowClient } from './workflow-client';
export type {
  CountWorkflowExecution,
  GetWorkflowHandleOptions,
  WorkflowClientOptions,
  WorkflowHandle,
  WorkflowHandleWithFirstExecutionRunId,
  WorkflowHandleWithSignaledRunId,
  WorkflowHandleWithStartDetails,
} from './workflow-client';
export type { WorkflowSignalOptions } from './workflow-handle';
export type { WorkflowExecutionDescription, WorkflowExecutionInfo } from './workflow-info';
export type { AsyncWorkflowListIterable, IntoHistoriesOptions, ListOptions } from './workflow-list';
export type {
  CompiledWorkflowOptions,
  WorkflowOptions,
  WorkflowSignalWithStartOptions,
  WorkflowSignalWithStartOptionsWithArgs,
  WorkflowSignalWithStartOptionsWithoutArgs,
  WorkflowStartOptions,
} from './workflow-options';
export type { WorkflowResultOptions } from './workflow-result';
export type { WorkflowExecutionStatusName } from './workflow-status';
