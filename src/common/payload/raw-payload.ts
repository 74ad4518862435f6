// How a converter recognises a RawValue, of this copy of the package or another. Pure.
import { isRecord } from '../error-inspection';
import type { Payload } from './payload';

/** The property of a RawValue that holds its payload. */
export const RAW_PAYLOAD: unique symbol = Symbol.for('troupe.rawPayload');

export function rawPayloadOf(value: unknown): Payload | undefined {
  return isRecord(value) && RAW_PAYLOAD in value ? (value[RAW_PAYLOAD] as Payload) : undefined;
}
