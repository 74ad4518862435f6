// Completes, fails and heartbeats activities from outside: by the token their function was given, or by ids.
import { ensureTemporalFailure } from '../common/failure';
import { encodeValue, encodeValues } from '../common/payload/model-payloads';
import { decodeTaskToken } from '../common/task-token';
import type { Address } from '../model/ids';
import type { ActivityOutcome, ActivityRef } from '../model/message';
import { callGateway } from './call-context';
import { loadClientOptions, type BaseClientOptions, type LoadedClientOptions } from './client-options';
import { ActivityCancelledError } from './errors';
import { activityRequestError } from './refusals';
import { addressOf, assertId, assertPayloads } from './validation';

export interface AsyncCompletionClientOptions extends BaseClientOptions {}

/** An activity by its ids. */
export interface FullActivityId {
  workflowId: string;
  /** Default: the current run. */
  runId?: string;
  activityId: string;
}

interface Target {
  readonly to: Address;
  readonly activity: ActivityRef;
}

export class AsyncCompletionClient {
  readonly options: Readonly<AsyncCompletionClientOptions>;
  readonly #loaded: LoadedClientOptions;

  /** @throws {TypeError | ValueError} an option is wrong */
  constructor(options: AsyncCompletionClientOptions = {}) {
    this.options = options;
    this.#loaded = loadClientOptions(options);
  }

  /** @throws {ActivityNotFoundError | ActivityCompletionError} */
  complete<T = unknown>(taskToken: Uint8Array, result: T): Promise<void>;
  complete<T = unknown>(fullActivityId: FullActivityId, result: T): Promise<void>;
  async complete(activity: Uint8Array | FullActivityId, result: unknown): Promise<void> {
    const payload = encodeValue(this.#loaded.payloadConverter, result, 'result');
    assertPayloads([payload], 'result');
    await this.#resolve(activity, { kind: 'completed', result: payload });
  }

  /** @throws {ActivityNotFoundError | ActivityCompletionError} */
  fail(taskToken: Uint8Array, error: unknown): Promise<void>;
  fail(fullActivityId: FullActivityId, error: unknown): Promise<void>;
  async fail(activity: Uint8Array | FullActivityId, error: unknown): Promise<void> {
    const { failureConverter, payloadConverter } = this.#loaded;
    const failure = failureConverter.errorToFailure(ensureTemporalFailure(error), payloadConverter);
    await this.#resolve(activity, { kind: 'failed', failure });
  }

  /**
   * Says that the activity has stopped because its workflow asked for it.
   *
   * @throws {ActivityNotFoundError | ActivityCompletionError}
   */
  reportCancellation(taskToken: Uint8Array, details?: unknown): Promise<void>;
  reportCancellation(fullActivityId: FullActivityId, details?: unknown): Promise<void>;
  async reportCancellation(activity: Uint8Array | FullActivityId, details?: unknown): Promise<void> {
    if (details === undefined) return this.#resolve(activity, { kind: 'canceled' });
    const payloads = encodeValues(this.#loaded.payloadConverter, [details], 'details');
    assertPayloads(payloads, 'details');
    return this.#resolve(activity, { kind: 'canceled', details: payloads });
  }

  /**
   * Says that the activity is at work.
   *
   * @throws {ActivityCancelledError} the workflow wants it to stop
   * @throws {ActivityNotFoundError | ActivityCompletionError}
   */
  heartbeat(taskToken: Uint8Array, details?: unknown): Promise<void>;
  heartbeat(fullActivityId: FullActivityId, details?: unknown): Promise<void>;
  async heartbeat(activity: Uint8Array | FullActivityId, details?: unknown): Promise<void> {
    const { gateway, identity, payloadConverter } = this.#loaded;
    const target = this.#targetOf(activity);
    const payload = details === undefined ? undefined : encodeValue(payloadConverter, details, 'details');
    if (payload !== undefined) assertPayloads([payload], 'details');
    let isCancelRequested: boolean;
    try {
      const reply = await callGateway(gateway, {
        kind: 'heartbeatActivity',
        ...target,
        identity,
        ...(payload !== undefined && { details: payload }),
      });
      isCancelRequested = reply.cancelRequested;
    } catch (error) {
      throw activityRequestError(error);
    }
    if (isCancelRequested) throw new ActivityCancelledError('cancelled');
  }

  async #resolve(activity: Uint8Array | FullActivityId, outcome: ActivityOutcome): Promise<void> {
    const { gateway, identity } = this.#loaded;
    const target = this.#targetOf(activity);
    try {
      await callGateway(gateway, { kind: 'resolveActivity', ...target, identity, outcome });
    } catch (error) {
      throw activityRequestError(error);
    }
  }

  /** @throws {TypeError} it names no activity */
  #targetOf(activity: Uint8Array | FullActivityId): Target {
    if (ArrayBuffer.isView(activity)) {
      const content = decodeTaskToken(activity);
      if (content === undefined) throw new TypeError('Invalid task token: it is none of this package');
      return content;
    }
    const { workflowId, runId, activityId } = activity;
    assertId(activityId, 'activityId');
    return {
      to: addressOf(this.#loaded.namespace, workflowId, runId),
      activity: { kind: 'id', activityId },
    };
  }
}
