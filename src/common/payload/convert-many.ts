// Lists and maps of payloads, for users' converters and interceptors. Runs everywhere.
import type { Payload } from './payload';
import type { PayloadConverter } from './payload-converter';

/** @returns undefined for no values at all */
export function toPayloads(converter: PayloadConverter, ...values: unknown[]): Payload[] | undefined {
  return values.length === 0 ? undefined : values.map((value) => converter.toPayload(value));
}

export function arrayFromPayloads(converter: PayloadConverter, payloads?: Payload[] | null): unknown[] {
  return (payloads ?? []).map((payload) => converter.fromPayload(payload));
}

/** @returns undefined where there is no payload */
export function fromPayloadsAtIndex<T>(
  converter: PayloadConverter,
  index: number,
  payloads?: Payload[] | null,
): T {
  const payload = payloads?.[index];
  return payload === undefined ? (undefined as T) : converter.fromPayload<T>(payload);
}

export function convertOptionalToPayload(
  converter: PayloadConverter,
  value: unknown,
): Payload | null | undefined {
  return value === undefined || value === null ? value : converter.toPayload(value);
}

export function mapToPayloads<K extends string, T = unknown>(
  converter: PayloadConverter,
  map: Record<K, T>,
): Record<K, Payload> {
  const payloads: Partial<Record<K, Payload>> = {};
  for (const key of Object.keys(map) as K[]) payloads[key] = converter.toPayload(map[key]);
  return payloads as Record<K, Payload>;
}

export function mapFromPayloads<K extends string, T = unknown>(
  converter: PayloadConverter,
  map?: Record<K, Payload> | null,
): Record<K, T> | undefined {
  if (map === undefined || map === null) return undefined;
  const values: Partial<Record<K, T>> = {};
  for (const key of Object.keys(map) as K[]) values[key] = converter.fromPayload<T>(map[key]);
  return values as Record<K, T>;
}
