// The door for workers: `troupe/worker`. Explicit names.
import '../connection/wire-client';
import '../troupe/wire-worker';

export { NativeConnection } from '../connection/connection';
export type { NativeConnectionOptions } from '../connection/connection';
export { activityLogAttributes } from '../activity/log';
export type {
  ActivityExecuteInput,
  ActivityInboundCallsInterceptor,
  ActivityInterceptors,
  ActivityInterceptorsFactory,
  ActivityOutboundCallsInterceptor,
  GetLogAttributesInput,
  GetMetricTagsInput,
} from '../activity/interceptors';
export { BundleError } from '../bundle';
export type { DataConverter } from '../common/data-converter';
export type { Headers, Next } from '../common/interceptors';
export type { LogLevel, Logger, LogMetadata } from '../common/logger';
export { defaultPayloadConverter } from '../common/payload/default-payload-converter';
export {
  CombinedWorkerRunError,
  GracefulShutdownPeriodExpiredError,
  IllegalStateError,
  PromiseCompletionTimeoutError,
  ReplayError,
  ShutdownError,
  TransportError,
  UnexpectedError,
  UnhandledRejectionError,
} from './errors';
export type { CombinedWorkerRunErrorCause } from './errors';
export { DefaultLogger, LogTimestamp } from './logger';
export type { LogEntry } from './logger';
export type { History, ReplayHistoriesIterable, ReplayResult, ReplayWorkerOptions } from './replay';
export type { RunUntilOptions } from './run-until';
export { Runtime } from './runtime';
export { makeTelemetryFilterString } from './runtime-options';
export type {
  ConsoleLogger,
  CoreLogFilterOptions,
  ForwardLogger,
  LogExporterConfig,
  MetricsExporter,
  MetricsExporterConfig,
  OtelCollectorExporter,
  PrometheusMetricsExporter,
  RuntimeOptions,
  TelemetryOptions,
} from './runtime-options';
export { defaultSinks, workflowLogAttributes } from './sinks';
export type {
  InjectedSink,
  InjectedSinkFunction,
  InjectedSinks,
  LoggerSinks,
  SinkWorkflowInfo,
} from './sinks';
export { Worker } from './worker';
export type { State, WorkerStatus } from './worker';
export type { WorkerConnection } from './worker-host';
export type {
  ActivityInboundCallsInterceptorFactory,
  BundlerOptions,
  CompiledWorkerOptions,
  WorkerInterceptors,
  WorkerOptions,
  WorkflowBundle,
  WorkflowBundleOption,
  WorkflowBundlePath,
} from './worker-options';
export { bundleWorkflowCode } from './workflow-bundle';
export type { BundleOptions, WorkflowBundleWithSourceMap } from './workflow-bundle';
