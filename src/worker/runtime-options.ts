// Options of `Runtime.install`: Temporal's shapes. Types, and the text form of a filter.
import type { LogLevel, Logger } from '../common/logger';
import type { Duration } from '../common/time';

export interface RuntimeOptions {
  /** Default: INFO and above on standard error. */
  logger?: Logger;
  telemetryOptions?: TelemetryOptions;
  /** Signals that shut down all running workers. Default: SIGINT, SIGTERM, SIGQUIT, SIGUSR2. */
  shutdownSignals?: NodeJS.Signals[];
  /** Accepted; there is no server to send it to. */
  workerHeartbeatInterval?: Duration | null;
}

export interface TelemetryOptions {
  /** Accepted; lines of the engine go to the same logger. */
  logging?: LogExporterConfig;
  /** Accepted; nothing is exported yet, and a log line says so. */
  metrics?: MetricsExporterConfig;
  noTemporalPrefixForMetrics?: boolean;
  /** @deprecated */
  tracingFilter?: string;
}

export interface ConsoleLogger {
  console: Record<never, never>;
}
export interface ForwardLogger {
  forward: Record<never, never>;
}
export type LogExporterConfig = { filter?: string | CoreLogFilterOptions } & (ConsoleLogger | ForwardLogger);

export interface MetricsExporter {
  temporality?: 'cumulative' | 'delta';
  globalTags?: Record<string, string>;
  metricPrefix?: string;
}
export interface OtelCollectorExporter {
  otel: { url: string; http?: boolean; headers?: Record<string, string>; metricsExportInterval?: Duration };
}
export interface PrometheusMetricsExporter {
  prometheus: { bindAddress: string; countersTotalSuffix?: boolean; unitSuffix?: boolean };
}
export type MetricsExporterConfig = MetricsExporter & (OtelCollectorExporter | PrometheusMetricsExporter);

export interface CoreLogFilterOptions {
  /** Level of the engine's own lines. */
  core: LogLevel;
  /** Level of everything else. Default: ERROR. */
  other?: LogLevel;
}

/** The text form of a filter, as Temporal's engine takes it. */
export function makeTelemetryFilterString({ core, other = 'ERROR' }: CoreLogFilterOptions): string {
  const parts = ['temporal_sdk_core', 'temporal_client', 'temporal_sdk'];
  return [other, ...parts.map((part) => `${part}=${core}`)].join(',');
}
