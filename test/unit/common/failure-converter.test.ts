import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  DefaultFailureConverter,
  errorToFailure as convert,
  failureToError as revive,
} from '../../../src/common/converter/failure-converter';
import { ValueError } from '../../../src/common/errors';
import {
  ActivityFailure,
  ApplicationFailure,
  CancelledFailure,
  ChildWorkflowFailure,
  ServerFailure,
  TemporalFailure,
  TerminatedFailure,
  TimeoutFailure,
} from '../../../src/common/failure';
import { defaultPayloadConverter } from '../../../src/common/payload/default-payload-converter';
import type { Failure } from '../../../src/model/failure';
import { workflowId } from '../../../src/model/ids';

const errorToFailure = (error: unknown) => convert(error, defaultPayloadConverter);
const failureToError = (failure: Failure) => revive(failure, defaultPayloadConverter);

describe('errors to failures', () => {
  test('an ordinary error is a failure without attributes', () => {
    const failure = errorToFailure(new RangeError('too far'));
    expect(failure).toMatchObject({ message: 'too far', source: 'TypeScriptSDK' });
    expect(failure.info).toBeUndefined();
    expect(failure.stackTrace).toContain('RangeError: too far');
  });

  test('an ApplicationFailure keeps all its fields', () => {
    const failure = errorToFailure(
      ApplicationFailure.create({
        message: 'm',
        type: 'T',
        nonRetryable: true,
        details: [1, { a: undefined, b: 'x' }, undefined],
        nextRetryDelay: '5s',
        category: 'BENIGN',
      }),
    );
    expect(failure.info).toEqual({
      kind: 'application',
      type: 'T',
      nonRetryable: true,
      details: ['1', '{"b":"x"}', null],
      nextRetryDelayMs: 5_000,
      category: 'BENIGN',
    });
  });

  test.each([
    ['text', 'text'],
    [7, '7'],
    [10n, '10'],
    [undefined, 'undefined'],
    [{ code: 7 }, '{"code":7}'],
  ])('%o is described, with advice to throw Error objects', (thrown, text) => {
    const { message, stackTrace } = errorToFailure(thrown);
    expect(message.startsWith(text)).toBe(true);
    expect(message).toMatch(/Throw Error objects/);
    expect(stackTrace).toBe('');
  });

  test('causes are followed, of any class', () => {
    const error = ApplicationFailure.create({
      message: 'outer',
      cause: new Error('middle', { cause: 'inner text' }),
    });
    const failure = errorToFailure(error);
    expect(failure.cause?.message).toBe('middle');
    expect(failure.cause?.cause?.message).toMatch(/^inner text/);
  });

  test('a cause that is its own effect ends the chain', () => {
    const first = new Error('first');
    const second = new Error('second', { cause: first });
    first.cause = second;
    const failure = errorToFailure(first);
    expect(failure.cause?.message).toBe('second');
    expect(failure.cause?.cause).toBeUndefined();
    const own = new Error('own');
    own.cause = own;
    expect(errorToFailure(own).cause).toBeUndefined();
  });

  test('an endless chain of causes is cut', () => {
    let error = new Error('innermost');
    for (let depth = 0; depth < 5_000; depth++) error = new Error(`depth ${depth}`, { cause: error });
    let depth = 0;
    for (let failure: Failure | undefined = errorToFailure(error); failure; failure = failure.cause) depth++;
    expect(depth).toBeGreaterThan(10);
    expect(depth).toBeLessThan(100);
  });

  test('a failure that came from elsewhere is passed on as it was', () => {
    const original: Failure = { message: 'm', source: 'GoSDK', stackTrace: 'go stack' };
    expect(errorToFailure(failureToError(original))).toBe(original);
    const wrapped = ApplicationFailure.create({ message: 'w', cause: failureToError(original) });
    expect(errorToFailure(wrapped).cause).toBe(original);
  });

  test('details without a payload form are refused, with the part that is wrong', () => {
    const error = ApplicationFailure.retryable('m', 'T', 1, { amount: 10n });
    expect(() => errorToFailure(error)).toThrow(ValueError);
    expect(() => errorToFailure(error)).toThrow(/details\[1\]\.amount is a BigInt/);
  });

  test('frames of the runtime and of Node are cut away', () => {
    const error = new Error('m');
    error.stack = [
      'Error: m',
      '    at order (/app/workflows.ts:3:9)',
      '    at async node:internal/process/task_queues:95:5',
      '    at async confirm (/app/workflows.ts:9:3)',
      '    at Execution.__troupeRunWorkflow (/app/node_modules/troupe/dist/workflow/engine/run.js:1:1)',
      '    at step (/app/node_modules/troupe/dist/workflow/engine/run.js:2:2)',
    ].join('\n');
    expect(errorToFailure(error).stackTrace).toBe(
      'Error: m\n    at order (/app/workflows.ts:3:9)\n    at async confirm (/app/workflows.ts:9:3)',
    );
  });
});

describe('failures to errors', () => {
  test('each kind is an error of its class', () => {
    const cases: [Failure['info'], unknown, object][] = [
      [
        { kind: 'application', type: 'T', nonRetryable: true },
        ApplicationFailure,
        { type: 'T', nonRetryable: true },
      ],
      [{ kind: 'canceled', details: ['1'] }, CancelledFailure, { details: [1] }],
      [{ kind: 'terminated' }, TerminatedFailure, {}],
      [{ kind: 'server', nonRetryable: true }, ServerFailure, { nonRetryable: true }],
      [
        { kind: 'timeout', timeoutType: 'HEARTBEAT', lastHeartbeatDetails: ['{"at":3}'] },
        TimeoutFailure,
        { timeoutType: 'HEARTBEAT', lastHeartbeatDetails: { at: 3 } },
      ],
      [{ kind: 'resetWorkflow' }, ApplicationFailure, { type: 'ResetWorkflow', nonRetryable: false }],
      [
        {
          kind: 'activity',
          scheduledEventId: 5,
          startedEventId: 6,
          identity: 'me',
          activityType: 'charge',
          activityId: '1',
          retryState: 'MAXIMUM_ATTEMPTS_REACHED',
        },
        ActivityFailure,
        { activityType: 'charge', activityId: '1', identity: 'me', retryState: 'MAXIMUM_ATTEMPTS_REACHED' },
      ],
      [
        {
          kind: 'childWorkflow',
          namespace: 'default',
          workflowId: workflowId('child'),
          workflowType: 'pack',
          initiatedEventId: 5,
          startedEventId: 6,
          retryState: 'TIMEOUT',
        },
        ChildWorkflowFailure,
        {
          namespace: 'default',
          execution: { workflowId: 'child' },
          workflowType: 'pack',
          retryState: 'TIMEOUT',
        },
      ],
      [undefined, TemporalFailure, {}],
    ];
    for (const [info, errorClass, fields] of cases) {
      const failure: Failure = {
        message: 'm',
        stackTrace: 'Error: m\n    at there',
        cause: { message: 'why' },
        ...(info !== undefined && { info }),
      };
      const error = failureToError(failure);
      expect(error).toBeInstanceOf(errorClass);
      expect(error).toMatchObject(fields);
      if (info?.kind !== 'childWorkflow') expect(error.message).toBe('m');
      expect(error.stack).toBe('Error: m\n    at there');
      expect(error.failure).toBe(failure);
      expect(error.cause).toMatchObject({ message: 'why' });
    }
  });
});

describe('encoded common attributes', () => {
  const converter = new DefaultFailureConverter({ encodeCommonAttributes: true });

  test('message and stack trace move into a payload, and come back', () => {
    const error = ApplicationFailure.create({
      message: 'secret',
      type: 'T',
      cause: new Error('also secret'),
    });
    const failure = converter.errorToFailure(error, defaultPayloadConverter);
    const { encodedAttributes, ...visible } = failure;
    expect(visible).toMatchObject({ message: 'Encoded failure', stackTrace: '' });
    expect(visible.cause).toMatchObject({ message: 'Encoded failure', stackTrace: '' });
    expect(JSON.parse(encodedAttributes as string)).toMatchObject({ message: 'secret' });
    const revived = converter.failureToError(failure, defaultPayloadConverter);
    expect(revived).toMatchObject({ message: 'secret', type: 'T' });
    expect(revived.stack).toContain('secret');
    expect(revived.cause).toMatchObject({ message: 'also secret' });
    // Every failure converter reads them.
    expect(failureToError(failure).message).toBe('secret');
  });
});

describe('round trips', () => {
  const message = fc.string();
  const details = fc.array(fc.jsonValue(), { maxLength: 3 });
  const leaf = fc.oneof(
    fc
      .record({ message, type: fc.string(), nonRetryable: fc.boolean(), details, delay: fc.nat() })
      .map(({ delay, ...options }) => ApplicationFailure.create({ ...options, nextRetryDelay: delay })),
    fc.tuple(message, details).map(([text, list]) => new CancelledFailure(text, list)),
    message.map((text) => new TerminatedFailure(text)),
    fc.tuple(message, fc.boolean()).map(([text, flag]) => new ServerFailure(text, flag)),
    fc
      .tuple(
        message,
        fc.constantFrom('START_TO_CLOSE', 'HEARTBEAT', 'SCHEDULE_TO_START', 'SCHEDULE_TO_CLOSE'),
      )
      .map(([text, type]) => new TimeoutFailure(text, undefined, type)),
    message.map((text) => new TemporalFailure(text)),
    message.map((text) => new Error(text)),
  );
  const wrapped = fc
    .tuple(leaf, fc.string({ minLength: 1 }), fc.boolean())
    .map(([cause, name, isChild]) =>
      isChild
        ? new ChildWorkflowFailure('ns', { workflowId: name, runId: 'r' }, name, 'TIMEOUT', cause)
        : new ActivityFailure('failed', name, '7', 'NON_RETRYABLE_FAILURE', 'me', cause),
    );

  test('a failure that becomes an error and a failure again is the same failure', () => {
    fc.assert(
      fc.property(fc.oneof(leaf, wrapped), (error) => {
        const failure = errorToFailure(error);
        const revived = failureToError(failure);
        expect(errorToFailure(revived)).toEqual(failure);
        // Also without the shortcut: made anew from its fields.
        strip(revived);
        expect(errorToFailure(revived)).toEqual(failure);
        expect(JSON.parse(JSON.stringify(failure))).toEqual(failure);
      }),
    );
  });

  function strip(error: Error): void {
    delete (error as { failure?: Failure }).failure;
    if (error.cause instanceof Error) strip(error.cause);
  }
});
