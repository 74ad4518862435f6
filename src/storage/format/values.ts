// Values of all rows but frames. Pure.
import type { ActivityFact } from '../../model/fact';
import type { RunSummary } from '../../model/gateway';
import type { Namespace, RunId, WorkflowId } from '../../model/ids';
import type { DurationMs } from '../../model/time';
import { codec, Reader, Writer } from './cells';
import type { Mutable } from '../../model/mutable';
import type { Cells, Codec, Tables } from './cells';
import { RUN_STATUS } from './codes';
import { ACTIVITY_FACT, RUN_FACTS } from './facts';
import type { StoredRunFacts } from './facts';
import { runIdBytes, runIdFrom } from './keys';
import { beginRecord, putCells, takeRecord, unpack } from './msgpack';
import { readExecution, writeExecution, writeExecutionOf } from './parts';

function pack(cells: Cells): Uint8Array {
  beginRecord();
  putCells(cells);
  return takeRecord();
}

function encode<T>({ write }: Codec<T>, value: T): Uint8Array {
  const writer = new Writer();
  const cells = write(value, writer);
  return pack([cells, writer.tables]);
}

function decode<T>({ read }: Codec<T>, bytes: Uint8Array): T {
  const [cells, tables] = unpack<readonly [Cells, Tables]>(bytes);
  return read(cells, new Reader(tables));
}

/** Row I: the current run of a workflow id. */
export const encodeCurrent = (run: RunId): Uint8Array => runIdBytes(run);
export const decodeCurrent = (bytes: Uint8Array): RunId => runIdFrom(bytes);

/** Rows W and T: whose run the key names. */
export interface RowOwner {
  readonly namespace: Namespace;
  readonly workflowId: WorkflowId;
}
type OwnerCells = readonly [Namespace, WorkflowId];
export const encodeOwner = ({ namespace, workflowId }: RowOwner): Uint8Array =>
  pack([namespace, workflowId] satisfies OwnerCells);
export function decodeOwner(bytes: Uint8Array): RowOwner {
  const [namespace, workflowId] = unpack<OwnerCells>(bytes);
  return { namespace, workflowId };
}

/** Row N. */
export interface NamespaceRow {
  readonly name: Namespace;
  /** In keys, for its name. */
  readonly number: number;
  readonly retentionMs: DurationMs;
}
type NamespaceCells = readonly [Namespace, number, DurationMs];
export const encodeNamespace = ({ name, number, retentionMs }: NamespaceRow): Uint8Array =>
  pack([name, number, retentionMs] satisfies NamespaceCells);
export function decodeNamespace(bytes: Uint8Array): NamespaceRow {
  const [name, number, retentionMs] = unpack<NamespaceCells>(bytes);
  return { name, number, retentionMs };
}

/** Row A. */
export const encodeActivityFact = (fact: ActivityFact): Uint8Array => encode(ACTIVITY_FACT, fact);
export const decodeActivityFact = (bytes: Uint8Array): ActivityFact => decode(ACTIVITY_FACT, bytes);

/** Row F. */
export const encodeRunFacts = (facts: StoredRunFacts): Uint8Array => encode(RUN_FACTS, facts);
export const decodeRunFacts = (bytes: Uint8Array): StoredRunFacts => decode(RUN_FACTS, bytes);

/** Row V. */
export const encodeVisibility = (summary: RunSummary): Uint8Array => encode(SUMMARY, summary);
export const decodeVisibility = (bytes: Uint8Array): RunSummary => decode(SUMMARY, bytes);

const SUMMARY = codec(
  (summary: RunSummary, writer) => [
    writeExecution(summary.execution),
    writer.name(summary.workflowType),
    writer.name(summary.taskQueue),
    RUN_STATUS.code(summary.status),
    summary.startTime,
    summary.executionTime,
    summary.closeTime ?? null,
    summary.historyLength,
    summary.historySizeBytes,
    writer.mapOf(summary.memo),
    writer.mapOf(summary.searchAttributes),
    summary.parent === undefined
      ? null
      : ([writer.name(summary.parent.namespace), writeExecution(summary.parent.execution)] as const),
    writeExecutionOf(summary.root),
  ],
  (cells, reader) => {
    const summary: Mutable<RunSummary> = {
      execution: readExecution(cells[0]),
      workflowType: reader.name(cells[1]),
      taskQueue: reader.name(cells[2]),
      status: RUN_STATUS.word(cells[3]),
      startTime: cells[4],
      executionTime: cells[5],
      historyLength: cells[7],
      historySizeBytes: cells[8],
    };
    if (cells[6] !== null) summary.closeTime = cells[6];
    if (cells[9] !== null) summary.memo = reader.map(cells[9]);
    if (cells[10] !== null) summary.searchAttributes = reader.map(cells[10]);
    if (cells[11] !== null) {
      const [namespace, execution] = cells[11];
      summary.parent = { namespace: reader.name(namespace), execution: readExecution(execution) };
    }
    if (cells[12] !== null) summary.root = readExecution(cells[12]);
    return summary;
  },
);
