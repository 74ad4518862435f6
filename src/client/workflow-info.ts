// What a client tells about a run: one row of a listing, and a description.
import type { SearchAttributes, TypedSearchAttributes } from '../common/search-attributes';
import { compact } from '../common/compact';
import { decodeMap, decodeValue } from '../common/payload/model-payloads';
import type { PayloadConverter } from '../common/payload/payload-converter';
import {
  decodeSearchAttributes,
  decodeTypedSearchAttributes,
} from '../common/payload/search-attribute-payloads';
import type { RunSummary } from '../model/gateway';
import type { Execution } from '../model/ids';
import type { Payload } from '../model/payload';
import type { RunDescription } from '../model/reply';
import { STATUSES, type WorkflowExecutionStatusName } from './workflow-status';

export interface WorkflowExecutionInfo {
  /** Workflow type. */
  type: string;
  workflowId: string;
  runId: string;
  taskQueue: string;
  status: { code: number; name: WorkflowExecutionStatusName };
  /** Events. */
  historyLength: number;
  /** Bytes. */
  historySize?: number;
  startTime: Date;
  /** When its code may begin: start time and start delay. */
  executionTime?: Date;
  closeTime?: Date;
  memo?: Record<string, unknown>;
  /** @deprecated Use typedSearchAttributes. */
  searchAttributes: SearchAttributes;
  typedSearchAttributes: TypedSearchAttributes;
  parentExecution?: { workflowId: string; runId: string };
  rootExecution?: { workflowId: string; runId: string };
  /** As the engine said it. */
  raw: RunSummary;
}

export interface WorkflowExecutionDescription extends Omit<WorkflowExecutionInfo, 'raw'> {
  /** As the engine said it: pending activities, children and workflow task among it. */
  raw: RunDescription;
  staticSummary(): Promise<string | undefined>;
  staticDetails(): Promise<string | undefined>;
}

export function executionInfo(run: RunSummary, converter: PayloadConverter): WorkflowExecutionInfo {
  return { ...commonInfo(run, converter), raw: run };
}

export function executionDescription(
  run: RunDescription,
  converter: PayloadConverter,
): WorkflowExecutionDescription {
  const text = async (payload: Payload | undefined): Promise<string | undefined> =>
    payload === undefined ? undefined : decodeValue<string>(converter, payload);
  return {
    ...commonInfo(run, converter),
    raw: run,
    staticSummary: () => text(run.staticSummary),
    staticDetails: () => text(run.staticDetails),
  };
}

function commonInfo(
  run: RunSummary | RunDescription,
  converter: PayloadConverter,
): Omit<WorkflowExecutionInfo, 'raw'> {
  const { execution, status, memo, searchAttributes, closeTime, parent, root } = run;
  const { code, name } = STATUSES[status];
  return compact<Omit<WorkflowExecutionInfo, 'raw'>>({
    type: run.workflowType,
    workflowId: execution.workflowId,
    runId: execution.runId,
    taskQueue: run.taskQueue,
    status: { code, name },
    historyLength: run.historyLength,
    historySize: run.historySizeBytes,
    startTime: new Date(run.startTime),
    executionTime: new Date(run.executionTime),
    closeTime: closeTime === undefined ? undefined : new Date(closeTime),
    memo: memo === undefined ? undefined : decodeMap(converter, memo),
    searchAttributes: decodeSearchAttributes(searchAttributes),
    typedSearchAttributes: decodeTypedSearchAttributes(searchAttributes),
    parentExecution: parent && idsOf(parent.execution),
    rootExecution: root && idsOf(root),
  });
}

const idsOf = ({ workflowId, runId }: Execution) => ({ workflowId, runId });
