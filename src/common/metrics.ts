// What a metric meter is, and one that counts nothing. Pure.

export type MetricTags = Record<string, string | number | boolean>;
export type NumericMetricValueType = 'int' | 'float';
export type MetricKind = 'counter' | 'histogram' | 'gauge' | 'up-down-counter';

export interface Metric {
  kind: MetricKind;
  valueType: NumericMetricValueType;
  name: string;
  unit?: string;
  description?: string;
}
export interface MetricCounter extends Metric {
  add(value: number, extraTags?: MetricTags): void;
  withTags(tags: MetricTags): MetricCounter;
}
export interface MetricHistogram extends Metric {
  record(value: number, extraTags?: MetricTags): void;
  withTags(tags: MetricTags): MetricHistogram;
}
export interface MetricGauge extends Metric {
  set(value: number, extraTags?: MetricTags): void;
  withTags(tags: MetricTags): MetricGauge;
}
export interface MetricUpDownCounter extends Metric {
  add(value: number, extraTags?: MetricTags): void;
  withTags(tags: MetricTags): MetricUpDownCounter;
}
export interface MetricMeter {
  createCounter(name: string, unit?: string, description?: string): MetricCounter;
  createHistogram(
    name: string,
    valueType?: NumericMetricValueType,
    unit?: string,
    description?: string,
  ): MetricHistogram;
  createGauge(
    name: string,
    valueType?: NumericMetricValueType,
    unit?: string,
    description?: string,
  ): MetricGauge;
  createUpDownCounter(name: string, unit?: string, description?: string): MetricUpDownCounter;
  withTags(tags: MetricTags): MetricMeter;
}

type AnyMetric = MetricCounter & MetricHistogram & MetricGauge & MetricUpDownCounter;

const ignore = (): void => {};

/** One of every kind: it ignores all values. */
function silent(kind: MetricKind, valueType: NumericMetricValueType, name: string): AnyMetric {
  const metric: AnyMetric = {
    kind: kind,
    valueType,
    name,
    add: ignore,
    record: ignore,
    set: ignore,
    withTags: () => metric,
  };
  return metric;
}

/** Counts nothing. */
export const noopMetricMeter: MetricMeter = {
  createCounter: (name) => silent('counter', 'int', name),
  createHistogram: (name, valueType = 'int') => silent('histogram', valueType, name),
  createGauge: (name, valueType = 'int') => silent('gauge', valueType, name),
  createUpDownCounter: (name) => silent('up-down-counter', 'int', name),
  withTags: () => noopMetricMeter,
};
