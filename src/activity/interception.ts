// The interceptors of one attempt, put in front of what they intercept.
import { composeInterceptors, type Headers } from '../common/interceptors';
import type { MetricTags } from '../common/metrics';
import type { AnyActivity } from './activities';
import type { Context } from './context';
import type {
  ActivityInboundCallsInterceptor,
  ActivityInterceptorsFactory,
  ActivityOutboundCallsInterceptor,
} from './interceptors';

export interface Interception {
  execute(activity: AnyActivity, args: unknown[], headers: Headers): Promise<unknown>;
  logAttributes(given: Record<string, unknown>): Record<string, unknown>;
  metricTags(given: MetricTags): MetricTags;
}

/** Calls the factories, in the attempt's context. */
export function withInterceptors(
  factories: readonly ActivityInterceptorsFactory[],
  context: Context,
): Interception {
  const inbound: ActivityInboundCallsInterceptor[] = [];
  const outbound: ActivityOutboundCallsInterceptor[] = [];
  for (const factory of factories) {
    const made = factory(context);
    if (made.inbound !== undefined) inbound.push(made.inbound);
    if (made.outbound !== undefined) outbound.push(made.outbound);
  }
  return {
    execute: (activity, args, headers) => {
      const last = async (input: { readonly args: unknown[] }): Promise<unknown> =>
        activity(...input.args) as unknown;
      return composeInterceptors(inbound, 'execute', last)({ args, headers });
    },
    logAttributes: composeInterceptors(outbound, 'getLogAttributes', (given) => given),
    metricTags: composeInterceptors(outbound, 'getMetricTags', (given) => given),
  };
}
