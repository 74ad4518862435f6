// All clients of one namespace.
import { assertList, assertObject } from '../common/assert-object';
import { ValueError } from '../common/errors';
import { AsyncCompletionClient } from './async-completion-client';
import { withAbortSignal, withDeadline } from './call-context';
import type { BaseClientOptions } from './client-options';
import { defaultConnection, type ConnectionLike } from './connection-like';
import type { WorkflowClientInterceptor } from './interceptors';
import type { QueryRejectCondition } from './query-reject-condition';
import { WorkflowClient } from './workflow-client';

export interface ClientInterceptors {
  workflow?: WorkflowClientInterceptor[];
}

export interface ClientOptions extends BaseClientOptions {
  interceptors?: ClientInterceptors;
  workflow?: { queryRejectCondition?: QueryRejectCondition };
  /** Of workflows that are started without one. Default: none, each start must name its own. */
  defaultTaskQueue?: string;
  /** Refused: a client without them would not do what they say. */
  plugins?: readonly unknown[];
}

export class Client {
  readonly options: Readonly<ClientOptions>;
  readonly connection: ConnectionLike;
  readonly workflow: WorkflowClient;
  /** Completes activities from outside. */
  readonly activity: AsyncCompletionClient;

  /** @throws {TypeError | ValueError} an option is wrong */
  constructor(options: ClientOptions = {}) {
    assertObject(options, 'options', 'an object of names and values');
    const { interceptors, workflow, defaultTaskQueue, plugins = [], ...others } = options;
    if (interceptors !== undefined) {
      assertObject(interceptors, 'interceptors', 'an object such as { workflow: [interceptor] }');
    }
    if (workflow !== undefined) {
      assertObject(workflow, 'workflow', 'an object such as { queryRejectCondition }');
    }
    assertList(plugins, 'plugins', 'a list', () => true);
    if (plugins.length > 0) throw new ValueError('plugins: plugins are not supported');
    const { connection = defaultConnection(), ...rest } = others;
    const base: BaseClientOptions = { ...rest, connection };
    this.options = options;
    this.connection = connection;
    this.workflow = new WorkflowClient({
      ...base,
      ...(defaultTaskQueue !== undefined && { defaultTaskQueue }),
      ...(interceptors?.workflow !== undefined && { interceptors: interceptors.workflow }),
      ...workflow,
    });
    this.activity = new AsyncCompletionClient(base);
  }

  /** Calls within `fn` fail with a ServiceError when they are not answered by then. They may still take effect. */
  withDeadline<R>(deadline: number | Date, fn: () => Promise<R>): Promise<R> {
    return withDeadline(deadline, fn);
  }

  /** Calls within `fn` fail with a ServiceError when `abortSignal` is aborted. They may still take effect. */
  withAbortSignal<R>(abortSignal: AbortSignal, fn: () => Promise<R>): Promise<R> {
    return withAbortSignal(abortSignal, fn);
  }

  /** There is nobody to read metadata. */
  withMetadata<R>(_metadata: Record<string, string>, fn: () => Promise<R>): Promise<R> {
    return fn();
  }
}
