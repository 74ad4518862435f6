import { describe, expect, test } from 'vitest';
import { composeInterceptors } from '../../../src/common/interceptors';
import { validatePriority } from '../../../src/common/priority';
import { throwIfReservedName } from '../../../src/common/reserved';
import { cutoffStackTrace } from '../../../src/common/stack-trace';
import {
  ActivityCancellationType,
  encodeActivityCancellationType,
} from '../../../src/common/activity-options';
import {
  decodeRetryState,
  encodeRetryState,
  RetryState,
  TimeoutType,
} from '../../../src/common/failure-enums';
import {
  decodeWorkflowIdConflictPolicy,
  encodeWorkflowIdConflictPolicy,
  extractWorkflowType,
  WorkflowIdConflictPolicy,
  WorkflowIdReusePolicy,
} from '../../../src/common/workflow-options';

describe('enums', () => {
  test('have short and long names', () => {
    expect(WorkflowIdConflictPolicy.FAIL).toBe('FAIL');
    expect(WorkflowIdConflictPolicy.WORKFLOW_ID_CONFLICT_POLICY_FAIL).toBe('FAIL');
    expect(WorkflowIdReusePolicy.WORKFLOW_ID_REUSE_POLICY_UNSPECIFIED).toBeUndefined();
    expect(TimeoutType.TIMEOUT_TYPE_HEARTBEAT).toBe('HEARTBEAT');
    expect(ActivityCancellationType).toEqual({
      TRY_CANCEL: 'TRY_CANCEL',
      WAIT_CANCELLATION_COMPLETED: 'WAIT_CANCELLATION_COMPLETED',
      ABANDON: 'ABANDON',
    });
  });

  test('are numbers on the wire, in every spelling', () => {
    expect(encodeWorkflowIdConflictPolicy('FAIL')).toBe(1);
    expect(encodeWorkflowIdConflictPolicy('WORKFLOW_ID_CONFLICT_POLICY_TERMINATE_EXISTING')).toBe(3);
    expect(encodeWorkflowIdConflictPolicy(2)).toBe(2);
    expect(encodeWorkflowIdConflictPolicy(undefined)).toBeUndefined();
    expect(() => encodeWorkflowIdConflictPolicy('NEVER' as 'FAIL')).toThrow(/'NEVER' is none of FAIL/);
    expect(decodeWorkflowIdConflictPolicy(2)).toBe('USE_EXISTING');
    expect(decodeWorkflowIdConflictPolicy(0)).toBeUndefined();
    expect(decodeWorkflowIdConflictPolicy(9)).toBe('unknown_9');
    expect(encodeActivityCancellationType('TRY_CANCEL')).toBe(0);
    for (const state of ['IN_PROGRESS', 'TIMEOUT', 'CANCEL_REQUESTED'] as const) {
      expect(decodeRetryState(encodeRetryState(state))).toBe(RetryState[state]);
    }
  });
});

describe('workflow types', () => {
  test('are names, or named functions', () => {
    async function order(): Promise<void> {}
    expect(extractWorkflowType('order')).toBe('order');
    expect(extractWorkflowType(order)).toBe('order');
  });

  test.each([
    ['an anonymous function', (() => async () => {})()],
    ['an empty name', ''],
    ['nothing', undefined],
    ['a number', 7],
  ])('%s is none', (_, wrong) => {
    expect(() => extractWorkflowType(wrong as string)).toThrow(TypeError);
    expect(() => extractWorkflowType(wrong as string)).toThrow(/Invalid workflow type/);
  });
});

test('reserved names are refused', () => {
  throwIfReservedName('signal', 'approve');
  expect(() => throwIfReservedName('signal', '__temporal_x')).toThrow(/reserved prefix: '__temporal_'/);
  expect(() => throwIfReservedName('query', '__stack_trace')).toThrow(/'__stack_trace', which is reserved/);
});

test('priorities have a range', () => {
  validatePriority({ priorityKey: 1, fairnessKey: 'a', fairnessWeight: 2 });
  expect(() => validatePriority({ priorityKey: 0 })).toThrow(/priorityKey is 0/);
  expect(() => validatePriority({ priorityKey: 1.5 })).toThrow(/priorityKey/);
  expect(() => validatePriority({ fairnessKey: 'x'.repeat(65) })).toThrow(/fairnessKey/);
});

test('the first interceptor is the outermost, and a method that is missing is skipped', () => {
  interface Calls {
    call?: (input: string, next: (input: string) => string) => string;
  }
  const around = (name: string): Calls => ({ call: (input, next) => `${name}(${next(`${input}${name}`)})` });
  const composed = composeInterceptors<Calls, 'call'>(
    [around('a'), {}, around('b')],
    'call',
    (input) => `[${input}]`,
  );
  expect(composed('x')).toBe('a(b([xab]))');
});

test('an interceptor keeps its `this`', () => {
  class Counting {
    count = 0;
    call(input: number, next: (input: number) => number): number {
      this.count += 1;
      return next(input);
    }
  }
  const counting = new Counting();
  const composed = composeInterceptors<Counting, 'call'>([counting], 'call', (input: number) => input + 1);
  expect(composed(1)).toBe(2);
  expect(counting.count).toBe(1);
});

test('a stack trace is cut where user code was entered', () => {
  expect(cutoffStackTrace(undefined)).toBe('');
  const own = 'Error: m\n    at f (a.ts:1:1)';
  expect(cutoffStackTrace(own)).toBe(own);
  expect(cutoffStackTrace(`${own}\n    at async __troupeCall (b.js:1:1)\n    at g (c.js:1:1)`)).toBe(own);
  expect(cutoffStackTrace(`${own}\n    at Activity.__troupeCall2 (b.js:1:1)`)).toBe(own);
  expect(cutoffStackTrace(`${own}\n    at __troupe_x`)).toBe(own);
  const notOurs = `${own}\n    at my__troupe (b.js:1:1)`;
  expect(cutoffStackTrace(notOurs)).toBe(notOurs);
});
