import { describe, expect, test, vi } from 'vitest';
import * as failures from '../../../src/common/failure';
import {
  ActivityFailure,
  ApplicationFailure,
  CancelledFailure,
  ChildWorkflowFailure,
  ensureApplicationFailure,
  ensureTemporalFailure,
  rootCause,
  TemporalFailure,
  TerminatedFailure,
  TimeoutFailure,
} from '../../../src/common/failure';
import * as errors from '../../../src/common/errors';
import * as clientErrors from '../../../src/client/errors';
import { ServiceError } from '../../../src/client/service-error';

describe('ApplicationFailure', () => {
  test('is retryable unless it says otherwise', () => {
    expect(ApplicationFailure.create({ message: 'm' })).toMatchObject({ message: 'm', nonRetryable: false });
    expect(ApplicationFailure.retryable('m', 'T', 1, 'two')).toMatchObject({
      message: 'm',
      type: 'T',
      nonRetryable: false,
      details: [1, 'two'],
    });
    expect(ApplicationFailure.nonRetryable('m', 'T', 1)).toMatchObject({ nonRetryable: true, details: [1] });
  });

  test('carries everything that it was created with', () => {
    const cause = new Error('why');
    const options = { message: 'm', type: 'T', nonRetryable: true, details: [{ a: 1 }], cause } as const;
    const failure = ApplicationFailure.create({
      ...options,
      details: [...options.details],
      nextRetryDelay: '5s',
      category: 'BENIGN',
    });
    expect(failure).toMatchObject({ ...options, nextRetryDelay: '5s', category: 'BENIGN' });
    expect(failure.cause).toBe(cause);
    expect(failure.name).toBe('ApplicationFailure');
  });

  test('is made from any error: its message, its class, itself as the cause', () => {
    const error = new RangeError('too far');
    const failure = ApplicationFailure.fromError(error);
    expect(failure).toMatchObject({ message: 'too far', type: 'RangeError' });
    expect(failure.cause).toBe(error);
    expect(ApplicationFailure.fromError(error, { message: 'other', nonRetryable: true })).toMatchObject({
      message: 'other',
      type: 'RangeError',
      nonRetryable: true,
    });
  });
});

describe('what is thrown becomes a failure', () => {
  test('a failure stays itself', () => {
    const application = ApplicationFailure.retryable('m');
    const cancelled = new CancelledFailure('c');
    expect(ensureApplicationFailure(application)).toBe(application);
    expect(ensureTemporalFailure(cancelled)).toBe(cancelled);
    expect(ensureApplicationFailure(cancelled)).toMatchObject({ type: 'CancelledFailure', message: 'c' });
  });

  test('an error keeps its message, class, stack and cause', () => {
    class Declined extends Error {}
    const cause = new Error('no funds');
    const error = new Declined('declined', { cause });
    const failure = ensureApplicationFailure(error);
    expect(failure).toMatchObject({ message: 'declined', type: 'Declined', nonRetryable: false });
    expect(failure.stack).toBe(error.stack);
    expect(failure.cause).toBe(cause);
  });

  test.each([
    ['a text', 'a text'],
    [42, '42'],
    [undefined, 'undefined'],
    [null, 'null'],
    [10n, '10'],
    [{ code: 7 }, '{"code":7}'],
    [{ message: 'like an error' }, 'like an error'],
  ])('%o is a message', (thrown, message) => {
    expect(ensureApplicationFailure(thrown)).toMatchObject({ message });
  });

  test('a value that cannot be described does not stop it', () => {
    const hostile = {
      toString() {
        throw new Error('no');
      },
      toJSON() {
        throw new Error('no');
      },
    };
    expect(ensureApplicationFailure(hostile)).toBeInstanceOf(ApplicationFailure);
    expect(ensureApplicationFailure(Object.create(null))).toBeInstanceOf(ApplicationFailure);
  });
});

test('the root cause is the innermost message', () => {
  const inner = ApplicationFailure.create({ message: 'inner' });
  const activity = new ActivityFailure('Activity task failed', 'charge', '1', undefined, undefined, inner);
  const child = new ChildWorkflowFailure('default', { workflowId: 'w' }, 'order', undefined, activity);
  expect(rootCause(child)).toBe('inner');
  expect(rootCause(new Error('plain', { cause: inner }))).toBe('plain');
  expect(rootCause('text')).toBe('text');
  expect(rootCause(7)).toBeUndefined();
});

describe('markers', () => {
  test('a failure is an instance of its class and of every class above it, and of no other', () => {
    const timeout = new TimeoutFailure('t', undefined, 'HEARTBEAT');
    expect(timeout).toBeInstanceOf(TimeoutFailure);
    expect(timeout).toBeInstanceOf(TemporalFailure);
    expect(timeout).toBeInstanceOf(Error);
    expect(timeout).not.toBeInstanceOf(TerminatedFailure);
    expect({ message: 'no error' }).not.toBeInstanceOf(TemporalFailure);
    expect(undefined).not.toBeInstanceOf(TemporalFailure);
  });

  test('they are Temporal’s own', () => {
    const failure = new CancelledFailure('c');
    expect(Reflect.get(failure, Symbol.for('__temporal_isCancelledFailure'))).toBe(true);
    expect(Reflect.get(failure, Symbol.for('__temporal_isTemporalFailure'))).toBe(true);
    const foreign = Object.assign(new Error('x'), { [Symbol.for('__temporal_isApplicationFailure')]: true });
    expect(foreign).toBeInstanceOf(ApplicationFailure);
  });

  test('a subclass of the user’s is recognised by its prototype', () => {
    class Declined extends ApplicationFailure {}
    expect(new Declined('d')).toBeInstanceOf(Declined);
    expect(new Declined('d')).toBeInstanceOf(ApplicationFailure);
    expect(new ApplicationFailure('d')).not.toBeInstanceOf(Declined);
    expect(Declined.create({ message: 'm' })).toBeInstanceOf(Declined);
  });

  test('errors of one copy of the package are instances of the classes of another', async () => {
    vi.resetModules();
    const other = {
      failures: await import('../../../src/common/failure'),
      errors: await import('../../../src/common/errors'),
      clientErrors: await import('../../../src/client/errors'),
      service: await import('../../../src/client/service-error'),
    };
    expect(other.failures.ApplicationFailure).not.toBe(ApplicationFailure);
    const pairs: [Error, unknown][] = [
      [ApplicationFailure.retryable('m'), other.failures.ApplicationFailure],
      [new CancelledFailure('m'), other.failures.CancelledFailure],
      [new TerminatedFailure('m'), other.failures.TerminatedFailure],
      [new TimeoutFailure('m', 1, 'HEARTBEAT'), other.failures.TimeoutFailure],
      [new failures.ServerFailure('m', true), other.failures.ServerFailure],
      [new ActivityFailure('m', 'a', '1', undefined, undefined), other.failures.ActivityFailure],
      [new ChildWorkflowFailure('n', {}, 't', undefined), other.failures.ChildWorkflowFailure],
      [
        new failures.WorkflowExecutionAlreadyStartedError('m', 'w', 't'),
        other.failures.WorkflowExecutionAlreadyStartedError,
      ],
      [new errors.ValueError('m'), other.errors.ValueError],
      [new errors.WorkflowNotFoundError('m', 'w', undefined), other.errors.WorkflowNotFoundError],
      [new errors.CompleteAsyncError(), other.errors.CompleteAsyncError],
      [
        new clientErrors.WorkflowFailedError('m', undefined, undefined),
        other.clientErrors.WorkflowFailedError,
      ],
      [new clientErrors.QueryNotRegisteredError('m', 3), other.clientErrors.QueryNotRegisteredError],
      [new clientErrors.QueryRejectedError(2, 'COMPLETED'), other.clientErrors.QueryRejectedError],
      [new clientErrors.ActivityNotFoundError('m'), other.clientErrors.ActivityNotFoundError],
      [new ServiceError('m'), other.service.ServiceError],
    ];
    for (const [error, otherClass] of pairs) {
      expect(error, error.name).toBeInstanceOf(otherClass);
      expect(error.name).toBe((otherClass as { name: string }).name);
    }
  });
});
