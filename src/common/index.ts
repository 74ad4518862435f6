// The door `troupe/common`: what workflow code, activities, clients and workers share. Explicit names.
export { ActivityCancellationDetails } from './activity-cancellation-details';
export type { ActivityCancellationDetailsOptions } from './activity-cancellation-details';
export {
  ActivityCancellationType,
  decodeActivityCancellationType,
  encodeActivityCancellationType,
} from './activity-options';
export type { ActivityOptions, LocalActivityOptions } from './activity-options';
export { DefaultFailureConverter, defaultFailureConverter } from './converter/failure-converter';
export type {
  DefaultEncodedFailureAttributes,
  DefaultFailureConverterOptions,
  FailureConverter,
} from './converter/failure-converter';
export { defaultDataConverter } from './converter/default-data-converter';
export type { DataConverter, LoadedDataConverter, PayloadCodec } from './data-converter';
export {
  CompleteAsyncError,
  ExternalStorageNotConfiguredError,
  IllegalStateError,
  NamespaceNotFoundError,
  PayloadConverterError,
  ValueError,
  WorkflowNotFoundError,
} from './errors';
export { errorCode, errorMessage } from './error-inspection';
export {
  ActivityFailure,
  ApplicationFailure,
  CancelledFailure,
  ChildWorkflowFailure,
  ensureApplicationFailure,
  ensureTemporalFailure,
  FAILURE_SOURCE,
  rootCause,
  ServerFailure,
  TemporalFailure,
  TerminatedFailure,
  TimeoutFailure,
  WorkflowExecutionAlreadyStartedError,
} from './failure';
export type { ApplicationFailureOptions, ProtoFailure, WorkflowExecution } from './failure';
export {
  ApplicationFailureCategory,
  decodeApplicationFailureCategory,
  decodeRetryState,
  decodeTimeoutType,
  encodeApplicationFailureCategory,
  encodeRetryState,
  encodeTimeoutType,
  RetryState,
  TimeoutType,
} from './failure-enums';
export type { Headers, Next } from './interceptors';
export { HandlerUnfinishedPolicy } from './interfaces';
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
} from './interfaces';
export { SdkComponent } from './logger';
export type { Logger, LogLevel, LogMetadata } from './logger';
export { noopMetricMeter } from './metrics';
export type {
  Metric,
  MetricCounter,
  MetricGauge,
  MetricHistogram,
  MetricKind,
  MetricMeter,
  MetricTags,
  MetricUpDownCounter,
  NumericMetricValueType,
} from './metrics';
export {
  arrayFromPayloads,
  convertOptionalToPayload,
  fromPayloadsAtIndex,
  mapFromPayloads,
  mapToPayloads,
  toPayloads,
} from './payload/convert-many';
export {
  BinaryPayloadConverter,
  CompositePayloadConverter,
  DefaultPayloadConverter,
  defaultPayloadConverter,
  JsonPayloadConverter,
  UndefinedPayloadConverter,
} from './payload/default-payload-converter';
export {
  encodingKeys,
  encodingTypes,
  METADATA_ENCODING_KEY,
  METADATA_MESSAGE_TYPE_KEY,
} from './payload/encodings';
export type { EncodingType } from './payload/encodings';
export type { Payload } from './payload/payload';
export type { PayloadConverter, PayloadConverterWithEncoding } from './payload/payload-converter';
export { RawValue } from './payload/raw-value';
export type { Priority } from './priority';
export { compileRetryPolicy, decompileRetryPolicy } from './retry-policy';
export type { RetryPolicy } from './retry-policy';
export { defineSearchAttributeKey, SearchAttributeType, TypedSearchAttributes } from './search-attributes';
export type {
  SearchAttributeKey,
  SearchAttributePair,
  SearchAttributes,
  SearchAttributeUpdatePair,
  SearchAttributeValue,
} from './search-attributes';
export type {
  ActivitySerializationContext,
  SerializationContext,
  WorkflowSerializationContext,
} from './serialization-context';
export { cutoffStackTrace } from './stack-trace';
export { msOptionalToNumber, msToNumber } from './time';
export type { Duration, StringValue, Timestamp } from './time';
export type { ConverterHint, TransferTypeConverter, TypeInfo } from './type-info';
export {
  decodeVersioningBehavior,
  encodeVersioningBehavior,
  toCanonicalString,
  VersioningBehavior,
} from './versioning';
export type {
  AutoUpgradeVersioningOverride,
  PinnedVersioningOverride,
  VersioningIntent,
  VersioningOverride,
  WorkerDeploymentVersion,
  WorkflowDefinitionOptions,
  WorkflowDefinitionOptionsOrGetter,
} from './versioning';
export type { BaseWorkflowHandle, HistoryAndWorkflowId } from './workflow-handle';
export {
  decodeWorkflowIdConflictPolicy,
  decodeWorkflowIdReusePolicy,
  encodeWorkflowIdConflictPolicy,
  encodeWorkflowIdReusePolicy,
  extractWorkflowType,
  WorkflowIdConflictPolicy,
  WorkflowIdReusePolicy,
} from './workflow-options';
export type {
  BaseWorkflowOptions,
  CommonWorkflowOptions,
  WithWorkflowArgs,
  WorkflowDurationOptions,
} from './workflow-options';
