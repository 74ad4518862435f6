// How a payload says what its bytes are: Temporal's metadata. Pure.
import { encodeUtf8 } from './utf8';

export const METADATA_ENCODING_KEY = 'encoding';
export const METADATA_MESSAGE_TYPE_KEY = 'messageType';

export const encodingTypes = {
  METADATA_ENCODING_NULL: 'binary/null',
  METADATA_ENCODING_RAW: 'binary/plain',
  METADATA_ENCODING_JSON: 'json/plain',
  METADATA_ENCODING_PROTOBUF_JSON: 'json/protobuf',
  METADATA_ENCODING_PROTOBUF: 'binary/protobuf',
} as const;

export type EncodingType = (typeof encodingTypes)[keyof typeof encodingTypes];

/** The same as bytes. Shared by every payload: never write to them. */
export const encodingKeys = {
  METADATA_ENCODING_NULL: encodeUtf8(encodingTypes.METADATA_ENCODING_NULL),
  METADATA_ENCODING_RAW: encodeUtf8(encodingTypes.METADATA_ENCODING_RAW),
  METADATA_ENCODING_JSON: encodeUtf8(encodingTypes.METADATA_ENCODING_JSON),
  METADATA_ENCODING_PROTOBUF_JSON: encodeUtf8(encodingTypes.METADATA_ENCODING_PROTOBUF_JSON),
  METADATA_ENCODING_PROTOBUF: encodeUtf8(encodingTypes.METADATA_ENCODING_PROTOBUF),
} as const;
