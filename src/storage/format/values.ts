// Values of rows other than frames. Pure.
import { Packr } from 'msgpackr';
import type { ActivityFact, OwedSend, WorkflowTaskFact } from '../../model/fact';
import type { NewEvent } from '../../model/event';
import type { RunSummary } from '../../model/gateway';
import type { Namespace, RunId, WorkflowId } from '../../model/ids';
import type { DurationMs, EpochMs } from '../../model/time';

const packr = new Packr({ useRecords: false, encodeUndefinedAsNil: false });
const pack = (value: unknown): Uint8Array => new Uint8Array(packr.pack(value));
const unpack = <T>(bytes: Uint8Array): T => packr.unpack(bytes) as T;

export const encodeCurrent = (run: RunId): Uint8Array => pack(run);
export const decodeCurrent = (bytes: Uint8Array): RunId => unpack(bytes);
export interface RowOwner { readonly namespace: Namespace; readonly workflowId: WorkflowId; readonly dueAt?: EpochMs }
export const encodeOwner = (owner: RowOwner): Uint8Array => pack(owner);
export const decodeOwner = (bytes: Uint8Array): RowOwner => unpack(bytes);
export const encodeVisibility = (summary: RunSummary): Uint8Array => pack(summary);
export const decodeVisibility = (bytes: Uint8Array): RunSummary => unpack(bytes);
export interface NamespaceRow { readonly name: Namespace; readonly number: number; readonly retentionMs: DurationMs }
export const encodeNamespace = (row: NamespaceRow): Uint8Array => pack(row);
export const decodeNamespace = (bytes: Uint8Array): NamespaceRow => unpack(bytes);
export const encodeActivityFact = (fact: ActivityFact): Uint8Array => pack(fact);
export const decodeActivityFact = (bytes: Uint8Array): ActivityFact => unpack(bytes);
export interface StoredRunFacts {
  readonly workflowTask: WorkflowTaskFact | undefined;
  readonly buffered: readonly NewEvent[];
  readonly carriedRequestIds: readonly string[];
  readonly owed: readonly OwedSend[];
  readonly strikes: number;
  readonly firstTaskReleased: boolean;
}
export const encodeRunFacts = (facts: StoredRunFacts): Uint8Array => pack(facts);
export const decodeRunFacts = (bytes: Uint8Array): StoredRunFacts => unpack(bytes);
