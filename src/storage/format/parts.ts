// What events, facts and messages have in common, as cells. Pure.
import type { ParentInfo, RunOptions, SdkMetadata, TurnStamp, UserMetadata } from '../../model/event';
import type { Execution } from '../../model/ids';
import type { RetryPolicy } from '../../model/retry-policy';
import type { Mutable } from '../../model/mutable';
import type { Reader, Writer } from './cells';

export const writeExecution = ({ workflowId, runId }: Execution) => [workflowId, runId] as const;
export type ExecutionCells = ReturnType<typeof writeExecution>;
export const readExecution = ([workflowId, runId]: ExecutionCells): Execution => ({ workflowId, runId });
export const writeExecutionOf = (execution: Execution | undefined) =>
  execution === undefined ? null : writeExecution(execution);

export const writeParent = ({ namespace, execution, initiatedEventId }: ParentInfo, writer: Writer) =>
  [writer.name(namespace), execution.workflowId, execution.runId, initiatedEventId] as const;
export type ParentCells = ReturnType<typeof writeParent>;
export const readParent = (cells: ParentCells, reader: Reader): ParentInfo => ({
  namespace: reader.name(cells[0]),
  execution: { workflowId: cells[1], runId: cells[2] },
  initiatedEventId: cells[3],
});

export const writeRetryPolicy = (policy: RetryPolicy) =>
  [
    policy.initialIntervalMs,
    policy.backoffCoefficient,
    policy.maximumIntervalMs,
    policy.maximumAttempts,
    policy.nonRetryableErrorTypes,
  ] as const;
export type RetryPolicyCells = ReturnType<typeof writeRetryPolicy>;
export const readRetryPolicy = (cells: RetryPolicyCells): RetryPolicy => ({
  initialIntervalMs: cells[0],
  backoffCoefficient: cells[1],
  maximumIntervalMs: cells[2],
  maximumAttempts: cells[3],
  nonRetryableErrorTypes: cells[4],
});

export const writeStamp = ({ bundleHash, commandHash }: TurnStamp, writer: Writer) =>
  [writer.name(bundleHash), commandHash] as const;
export type StampCells = ReturnType<typeof writeStamp>;
export const readStamp = (cells: StampCells, reader: Reader): TurnStamp => ({
  bundleHash: reader.name(cells[0]),
  commandHash: cells[1],
});

export const writeSdkMetadata = (metadata: SdkMetadata, writer: Writer) =>
  [
    metadata.coreUsedFlags ?? null,
    metadata.langUsedFlags ?? null,
    writer.nameOf(metadata.sdkName),
    writer.nameOf(metadata.sdkVersion),
  ] as const;
export type SdkMetadataCells = ReturnType<typeof writeSdkMetadata>;
export function readSdkMetadata(cells: SdkMetadataCells, reader: Reader): SdkMetadata {
  const metadata: Mutable<SdkMetadata> = {};
  if (cells[0] !== null) metadata.coreUsedFlags = cells[0];
  if (cells[1] !== null) metadata.langUsedFlags = cells[1];
  if (cells[2] !== null) metadata.sdkName = reader.name(cells[2]);
  if (cells[3] !== null) metadata.sdkVersion = reader.name(cells[3]);
  return metadata;
}

export const writeUserMetadata = ({ summary, details }: UserMetadata, writer: Writer) =>
  [writer.payloadOf(summary), writer.payloadOf(details)] as const;
export type UserMetadataCells = ReturnType<typeof writeUserMetadata>;
export const writeUserMetadataOf = (metadata: UserMetadata | undefined, writer: Writer) =>
  metadata === undefined ? null : writeUserMetadata(metadata, writer);
export function readUserMetadata(cells: UserMetadataCells, reader: Reader): UserMetadata {
  const metadata: Mutable<UserMetadata> = {};
  if (cells[0] !== null) metadata.summary = reader.payload(cells[0]);
  if (cells[1] !== null) metadata.details = reader.payload(cells[1]);
  return metadata;
}

export const writeRunOptions = (options: RunOptions, writer: Writer) =>
  [
    writer.name(options.workflowType),
    writer.name(options.taskQueue),
    writer.list(options.input),
    writer.map(options.header),
    options.taskTimeoutMs,
    writer.mapOf(options.memo),
    writer.mapOf(options.searchAttributes),
    options.executionTimeoutMs ?? null,
    options.runTimeoutMs ?? null,
    options.retryPolicy === undefined ? null : writeRetryPolicy(options.retryPolicy),
    options.cronSchedule ?? null,
  ] as const;
export type RunOptionsCells = ReturnType<typeof writeRunOptions>;

export function readRunOptions(cells: RunOptionsCells, reader: Reader): RunOptions {
  const options: Mutable<RunOptions> = {
    workflowType: reader.name(cells[0]),
    taskQueue: reader.name(cells[1]),
    input: reader.list(cells[2]),
    header: reader.map(cells[3]),
    taskTimeoutMs: cells[4],
  };
  readOptionalRunOptions(options, cells, reader);
  return options;
}

/** Of an object that has the others already. */
export function readOptionalRunOptions(
  target: Mutable<RunOptions>,
  cells: RunOptionsCells,
  reader: Reader,
): void {
  if (cells[5] !== null) target.memo = reader.map(cells[5]);
  if (cells[6] !== null) target.searchAttributes = reader.map(cells[6]);
  if (cells[7] !== null) target.executionTimeoutMs = cells[7];
  if (cells[8] !== null) target.runTimeoutMs = cells[8];
  if (cells[9] !== null) target.retryPolicy = readRetryPolicy(cells[9]);
  if (cells[10] !== null) target.cronSchedule = cells[10];
}
