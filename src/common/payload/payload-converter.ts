// What a converter of values to payloads is. Types only.
import type { SerializationContext } from '../serialization-context';
import type { ConverterHint } from '../type-info';
import type { Payload } from './payload';

export interface PayloadConverter {
  /** @throws {ValueError} when `value` has no payload form. */
  toPayload<T>(value: T, context?: SerializationContext, hint?: ConverterHint<T>): Payload;
  fromPayload<T>(payload: Payload, context?: SerializationContext, hint?: ConverterHint<T>): T;
  validateConverterHint?: (hint: ConverterHint) => boolean;
}

/** One of the converters that `CompositePayloadConverter` asks in turn. */
export interface PayloadConverterWithEncoding {
  /** @returns undefined when this converter is not the one for `value` */
  toPayload<T>(value: T, context?: SerializationContext, hint?: ConverterHint<T>): Payload | undefined;
  fromPayload<T>(payload: Payload, context?: SerializationContext, hint?: ConverterHint<T>): T;
  /** What it writes to, and reads from, the payload's metadata. */
  readonly encodingType: string;
  validateConverterHint?: (hint: ConverterHint) => boolean;
}
