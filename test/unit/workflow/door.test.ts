// The names of `troupe/workflow` are those of `@temporalio/workflow`.
import { expect, test } from 'vitest';
import * as workflow from '../../../src/workflow/index.ts';

const FUNCTIONS = [
  ...['addDefaultWorkflowOptions', 'allHandlersFinished', 'condition', 'continueAsNew', 'currentUpdateInfo'],
  ...['decodeWorkflowIdConflictPolicy', 'decodeWorkflowIdReusePolicy', 'defineQuery', 'defineSignal'],
  ...['defineUpdate', 'deprecatePatch', 'encodeWorkflowIdConflictPolicy', 'encodeWorkflowIdReusePolicy'],
  ...['executeChild', 'extractWorkflowType', 'getCurrentDetails', 'getExternalWorkflowHandle'],
  ...['inWorkflowContext', 'isCancellation', 'makeContinueAsNewFunc', 'patched', 'proxyActivities'],
  ...['proxyLocalActivities', 'proxySinks', 'rootCause', 'scheduleActivity', 'setCurrentDetails'],
  ...['setDefaultQueryHandler', 'setDefaultSignalHandler', 'setDefaultUpdateHandler', 'setHandler'],
  ...['setWorkflowOptions', 'sleep', 'startChild', 'upsertMemo', 'upsertSearchAttributes', 'uuid4'],
  ...['workflowInfo'],
];
const CLASSES = [
  ...['ActivityFailure', 'ApplicationFailure', 'AsyncLocalStorage', 'CancellationScope', 'CancelledFailure'],
  ...['ChildWorkflowFailure', 'CompleteAsyncError', 'ContinueAsNew', 'DeterminismViolationError'],
  ...['ExternalStorageNotConfiguredError', 'IllegalStateError', 'NamespaceNotFoundError'],
  ...['PayloadConverterError', 'ServerFailure', 'TemporalFailure', 'TerminatedFailure', 'TimeoutFailure'],
  ...[
    'Trigger',
    'ValueError',
    'WorkflowError',
    'WorkflowExecutionAlreadyStartedError',
    'WorkflowNotFoundError',
  ],
];
const VALUES = [
  ...['ActivityCancellationType', 'ApplicationFailureCategory', 'ChildWorkflowCancellationType'],
  ...['defaultPayloadConverter', 'enhancedStackTraceQuery', 'HandlerUnfinishedPolicy', 'log', 'metricMeter'],
  ...['ParentClosePolicy', 'RetryState', 'stackTraceQuery', 'TimeoutType', 'WorkflowIdConflictPolicy'],
  ...['WorkflowIdReusePolicy', 'workflowMetadataQuery'],
];
const exported = workflow as unknown as Readonly<Record<string, unknown>>;
const sorted = (names: readonly string[]): readonly string[] => [...names].sort();

test('nothing is missing, and nothing is there that Temporal does not have', () => {
  const all = sorted([...FUNCTIONS, ...CLASSES, ...VALUES]);
  // A type's name only, which is never there at run time.
  expect(sorted(Object.keys(exported).filter((name) => name !== 'NotAnActivityMethod'))).toEqual(all);
});

test('functions and classes can be called', () => {
  for (const name of [...FUNCTIONS, ...CLASSES]) expect(exported[name], name).toBeTypeOf('function');
});

test('queries of the runtime have their names', () => {
  const { stackTraceQuery, enhancedStackTraceQuery, workflowMetadataQuery } = workflow;
  expect([stackTraceQuery, enhancedStackTraceQuery, workflowMetadataQuery].map(({ name }) => name)).toEqual([
    '__stack_trace',
    '__enhanced_stack_trace',
    '__temporal_workflow_metadata',
  ]);
});
