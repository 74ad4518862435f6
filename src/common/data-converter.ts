// How users change the form in which values are stored. Types only.
import type { FailureConverter } from './converter/failure-converter';
import type { Payload } from './payload/payload';
import type { PayloadConverter } from './payload/payload-converter';
import type { SerializationContext } from './serialization-context';

/** Bytes to bytes: encryption, compression. Runs outside the sandbox, and may wait. */
export interface PayloadCodec {
  encode(payloads: Payload[], context?: SerializationContext): Promise<Payload[]>;
  decode(payloads: Payload[], context?: SerializationContext): Promise<Payload[]>;
}

export interface DataConverter {
  /** A module with an export `payloadConverter`. */
  payloadConverterPath?: string;
  /** A module with an export `failureConverter`. */
  failureConverterPath?: string;
  payloadCodecs?: PayloadCodec[];
}

/** With its modules loaded. */
export interface LoadedDataConverter {
  payloadConverter: PayloadConverter;
  failureConverter: FailureConverter;
  payloadCodecs: PayloadCodec[];
}
