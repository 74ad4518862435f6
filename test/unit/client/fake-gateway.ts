// An engine by script: each kind of request has an answer, and everything asked is kept.
import { gatewayKey, type ConnectionLike } from '../../../src/client/connection-like';
import {
  RequestRefused,
  type AbortSignalLike,
  type Gateway,
  type GatewayReplies,
  type GatewayRequest,
  type GatewayRequestKind,
} from '../../../src/model/gateway';
import { runId } from '../../../src/model/ids';
import type { Refusal } from '../../../src/model/reply';

type RequestOf<K extends GatewayRequestKind> = Extract<GatewayRequest, { readonly kind: K }>;
type Script = {
  [K in GatewayRequestKind]?: (
    request: RequestOf<K>,
    signal: AbortSignalLike | undefined,
  ) => GatewayReplies[K] | Promise<GatewayReplies[K]>;
};

export class FakeGateway implements Gateway {
  readonly asked: GatewayRequest[] = [];
  readonly connection: ConnectionLike = { [gatewayKey]: this };

  constructor(readonly script: Script = {}) {}

  async request<R extends GatewayRequest>(
    request: R,
    signal?: AbortSignalLike,
  ): Promise<GatewayReplies[R['kind']]> {
    this.asked.push(request);
    const answer = this.script[request.kind] as
      ((request: R, signal: AbortSignalLike | undefined) => GatewayReplies[R['kind']]) | undefined;
    if (answer === undefined) throw new Error(`the script has no answer to ${request.kind}`);
    return answer(request, signal);
  }

  /** The only request of this kind. */
  only<K extends GatewayRequestKind>(kind: K): RequestOf<K> {
    const [first, ...others] = this.asked.filter((request) => request.kind === kind) as RequestOf<K>[];
    if (first === undefined || others.length > 0) {
      throw new Error(`asked: ${this.asked.map((request) => request.kind).join(', ')}`);
    }
    return first;
  }
}

export const RUN = '01890000-0000-7000-8000-000000000001';

/** Answers that say that everything went well. */
export const WELL: Script = {
  start: () => ({ runId: runId(RUN), firstExecutionRunId: runId(RUN), isNew: true }),
  signal: () => ({ runId: runId(RUN) }),
  cancel: () => ({}),
  terminate: () => ({}),
  query: () => ({ result: '"answer"' }),
  resolveActivity: () => ({}),
  heartbeatActivity: () => ({ cancelRequested: false }),
};

export function refuse(refusal: Refusal): never {
  throw new RequestRefused(refusal);
}
