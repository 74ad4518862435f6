// The payload converters that come with the package. Run everywhere.
import { ValueError } from '../errors';
import type { SerializationContext } from '../serialization-context';
import type { ConverterHint } from '../type-info';
import { isBytes } from './bytes';
import { encodingKeys, encodingTypes, METADATA_ENCODING_KEY } from './encodings';
import type { Payload } from './payload';
import type { PayloadConverter, PayloadConverterWithEncoding } from './payload-converter';
import { rawPayloadOf } from './raw-payload';
import { conversionError } from './unserialisable';
import { decodeUtf8, encodeUtf8 } from './utf8';

/** Asks its converters in turn; reads with the one whose encoding the payload names. */
export class CompositePayloadConverter implements PayloadConverter {
  readonly converters: PayloadConverterWithEncoding[];
  readonly converterByEncoding = new Map<string, PayloadConverterWithEncoding>();

  constructor(...converters: PayloadConverterWithEncoding[]) {
    if (converters.length === 0)
      throw new ValueError('Give CompositePayloadConverter at least one converter');
    this.converters = converters;
    for (const converter of converters) this.converterByEncoding.set(converter.encodingType, converter);
  }

  toPayload<T>(value: T, context?: SerializationContext, hint?: ConverterHint<T>): Payload {
    const raw = rawPayloadOf(value);
    if (raw !== undefined) return raw;
    for (const converter of this.converters) {
      const payload = converter.toPayload(value, context, hint);
      if (payload !== undefined) return payload;
    }
    throw conversionError(value, 'value', jsonErrorOf(value));
  }

  fromPayload<T>(payload: Payload, context?: SerializationContext, hint?: ConverterHint<T>): T {
    const encoding = payload.metadata?.[METADATA_ENCODING_KEY];
    if (encoding === undefined) throw new ValueError('Missing payload metadata: it has no encoding');
    const name = decodeUtf8(encoding);
    const converter = this.converterByEncoding.get(name);
    if (converter === undefined) {
      const known = [...this.converterByEncoding.keys()].join(', ');
      throw new ValueError(`Unknown encoding: ${name}. This converter knows ${known}`);
    }
    return converter.fromPayload(payload, context, hint);
  }
}

/** `undefined`. */
export class UndefinedPayloadConverter implements PayloadConverterWithEncoding {
  encodingType = encodingTypes.METADATA_ENCODING_NULL;

  toPayload(value: unknown): Payload | undefined {
    if (value !== undefined) return undefined;
    return { metadata: { [METADATA_ENCODING_KEY]: encodingKeys.METADATA_ENCODING_NULL } };
  }

  fromPayload<T>(_payload: Payload): T {
    return undefined as T;
  }
}

/** Uint8Array, and Node's Buffer, which is read back as a Uint8Array. */
export class BinaryPayloadConverter implements PayloadConverterWithEncoding {
  encodingType = encodingTypes.METADATA_ENCODING_RAW;

  toPayload(value: unknown): Payload | undefined {
    if (!isBytes(value)) return undefined;
    return { metadata: { [METADATA_ENCODING_KEY]: encodingKeys.METADATA_ENCODING_RAW }, data: value };
  }

  fromPayload<T>(payload: Payload): T {
    // A copy: a Buffer becomes a Uint8Array, of this realm, and what its reader writes stays its own.
    return new Uint8Array(payload.data ?? []) as T;
  }
}

/** Everything that JSON can say. */
export class JsonPayloadConverter implements PayloadConverterWithEncoding {
  encodingType = encodingTypes.METADATA_ENCODING_JSON;

  toPayload(value: unknown): Payload | undefined {
    if (value === undefined) return undefined;
    const text = jsonTextOf(value);
    if (text === undefined) return undefined;
    return {
      metadata: { [METADATA_ENCODING_KEY]: encodingKeys.METADATA_ENCODING_JSON },
      data: encodeUtf8(text),
    };
  }

  fromPayload<T>(payload: Payload): T {
    if (payload.data === undefined || payload.data === null) throw new ValueError('Got payload with no data');
    return JSON.parse(decodeUtf8(payload.data)) as T;
  }
}

/** `undefined`, bytes, JSON: in this order. */
export class DefaultPayloadConverter extends CompositePayloadConverter {
  constructor() {
    super(new UndefinedPayloadConverter(), new BinaryPayloadConverter(), new JsonPayloadConverter());
  }
}

export const defaultPayloadConverter = new DefaultPayloadConverter();

/** @returns undefined for what JSON cannot say: functions, symbols, BigInts, cycles */
function jsonTextOf(value: unknown): string | undefined {
  try {
    return stringify(value);
  } catch {
    return undefined;
  }
}

/** Why a value has no JSON form, for the error message. */
function jsonErrorOf(value: unknown): unknown {
  try {
    stringify(value);
    return undefined;
  } catch (error) {
    return error;
  }
}

/** The type that `JSON.stringify` should have. */
const stringify = (value: unknown): string | undefined => JSON.stringify(value);
