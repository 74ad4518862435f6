// The converters used where the user chose none. Runs everywhere.
import type { LoadedDataConverter } from '../data-converter';
import { defaultPayloadConverter } from '../payload/default-payload-converter';
import { defaultFailureConverter } from './failure-converter';

export const defaultDataConverter: LoadedDataConverter = {
  payloadConverter: defaultPayloadConverter,
  failureConverter: defaultFailureConverter,
  payloadCodecs: [],
};
