// What may stand between the engine and an activity's function. Types only.
import type { Headers, Next } from '../common/interceptors';
import type { Loose } from '../common/loose';
import type { MetricTags } from '../common/metrics';
import type { Context } from './context';

export interface ActivityExecuteInput {
  readonly args: unknown[];
  readonly headers: Headers;
}

export interface ActivityInboundCallsInterceptor {
  execute?(
    input: ActivityExecuteInput,
    next: Next<ActivityInboundCallsInterceptor, 'execute'>,
  ): Promise<Loose>;
}

export type GetLogAttributesInput = Record<string, unknown>;
export type GetMetricTagsInput = MetricTags;

export interface ActivityOutboundCallsInterceptor {
  /** Adds to the attributes of the activity's log lines. */
  getLogAttributes?(
    input: GetLogAttributesInput,
    next: Next<ActivityOutboundCallsInterceptor, 'getLogAttributes'>,
  ): Record<string, unknown>;
  /** Adds to the tags of the activity's metrics. */
  getMetricTags?(
    input: GetMetricTagsInput,
    next: Next<ActivityOutboundCallsInterceptor, 'getMetricTags'>,
  ): GetMetricTagsInput;
}

export interface ActivityInterceptors {
  inbound?: ActivityInboundCallsInterceptor;
  outbound?: ActivityOutboundCallsInterceptor;
}

/** Called once for each attempt. */
export type ActivityInterceptorsFactory = (context: Context) => ActivityInterceptors;
