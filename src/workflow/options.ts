// Options of child workflows and of continue-as-new. Types, and the enums they name. Runs in the realm.
import { makeEnum } from '../common/enums';
import { ValueError } from '../common/errors';
import type { Priority } from '../common/priority';
import type {
  SearchAttributePair,
  SearchAttributes,
  TypedSearchAttributes,
} from '../common/search-attributes';
import type { Duration } from '../common/time';
import type { CommonWorkflowOptions } from '../common/workflow-options';

export const [
  ChildWorkflowCancellationType,
  encodeChildWorkflowCancellationType,
  decodeChildWorkflowCancellationType,
] = makeEnum(
  { ABANDON: 0, TRY_CANCEL: 1, WAIT_CANCELLATION_COMPLETED: 2, WAIT_CANCELLATION_REQUESTED: 3 },
  '',
);
export type ChildWorkflowCancellationType =
  'ABANDON' | 'TRY_CANCEL' | 'WAIT_CANCELLATION_COMPLETED' | 'WAIT_CANCELLATION_REQUESTED';

export const [ParentClosePolicy, encodeParentClosePolicy, decodeParentClosePolicy] = makeEnum(
  { TERMINATE: 1, ABANDON: 2, REQUEST_CANCEL: 3 },
  'PARENT_CLOSE_POLICY_',
);
export type ParentClosePolicy = 'TERMINATE' | 'ABANDON' | 'REQUEST_CANCEL';

/**
 * Reads what users write for an enum: any spelling of it, or nothing.
 *
 * @throws {ValueError} none of its names
 */
export function enumReader<Input, Name extends string>(
  encode: (input: Input) => number | undefined,
  decode: (number: number | undefined) => Name | undefined,
): (input: Input) => Name | undefined {
  return (input) => {
    const name = decode(encode(input));
    if (name?.startsWith('unknown_') === true) throw new ValueError(`Invalid enum value: ${String(input)}`);
    return name;
  };
}

export const parentClosePolicyOf = enumReader(encodeParentClosePolicy, decodeParentClosePolicy);
export const childCancellationTypeOf = enumReader(
  encodeChildWorkflowCancellationType,
  decodeChildWorkflowCancellationType,
);

export interface ChildWorkflowOptions extends Omit<CommonWorkflowOptions, 'workflowIdConflictPolicy'> {
  /** Default: a UUID from the run's generator. */
  workflowId?: string;
  /** Default: the parent's. */
  taskQueue?: string;
  /** What the parent sees of a child that it cancels. Default: `WAIT_CANCELLATION_COMPLETED`. */
  cancellationType?: ChildWorkflowCancellationType;
  /** What becomes of the child when the parent closes. Default: `TERMINATE`. */
  parentClosePolicy?: ParentClosePolicy;
  /** @deprecated Has no effect. */
  versioningIntent?: 'COMPATIBLE' | 'DEFAULT';
  priority?: Priority;
  staticSummary?: string;
  staticDetails?: string;
  args?: unknown[];
}
export type ChildWorkflowOptionsWithDefaults = ChildWorkflowOptions & {
  workflowId: string;
  taskQueue: string;
  cancellationType: ChildWorkflowCancellationType;
  args: unknown[];
};

export interface ContinueAsNewOptions {
  /** Default: the same. */
  workflowType?: string;
  /** Default: the same. */
  taskQueue?: string;
  workflowRunTimeout?: Duration;
  workflowTaskTimeout?: Duration;
  /** The next run's first task waits this long. */
  backoffStartInterval?: Duration;
  /** Default: the current ones. */
  memo?: Record<string, unknown>;
  /** @deprecated Untyped. */
  searchAttributes?: SearchAttributes;
  typedSearchAttributes?: SearchAttributePair[] | TypedSearchAttributes;
  /** @deprecated Has no effect. */
  versioningIntent?: 'COMPATIBLE' | 'DEFAULT';
}
