// A payload given or wanted as it is, without a converter. Runs everywhere.
import type { SerializationContext } from '../serialization-context';
import { defaultPayloadConverter } from './default-payload-converter';
import type { Payload } from './payload';
import type { PayloadConverter } from './payload-converter';
import { RAW_PAYLOAD } from './raw-payload';

declare const rawValueType: unique symbol;

/** Converters pass its payload through. `T` is the type of the value in it. */
export class RawValue<T = unknown> {
  declare private readonly [rawValueType]: T;
  private readonly [RAW_PAYLOAD]: Payload;

  constructor(
    value: T,
    payloadConverter: PayloadConverter = defaultPayloadConverter,
    context?: SerializationContext,
  ) {
    this[RAW_PAYLOAD] = payloadConverter.toPayload(value, context);
  }

  static fromPayload(payload: Payload): RawValue {
    return new RawValue(undefined, {
      toPayload: () => payload,
      fromPayload: (given) => defaultPayloadConverter.fromPayload(given),
    });
  }

  get payload(): Payload {
    return this[RAW_PAYLOAD];
  }
}
