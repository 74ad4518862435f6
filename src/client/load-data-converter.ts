// Loads the modules of a user's data converter.
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { defaultDataConverter } from '../common/converter/default-data-converter';
import type { FailureConverter } from '../common/converter/failure-converter';
import type { DataConverter } from '../common/data-converter';
import { isRecord } from '../common/error-inspection';
import { ValueError } from '../common/errors';
import type { PayloadConverter } from '../common/payload/payload-converter';
import { assertDataConverter } from './validation';

export interface LoadedConverters {
  readonly payloadConverter: PayloadConverter;
  readonly failureConverter: FailureConverter;
}

/**
 * @throws {TypeError} it has another form
 * @throws {ValueError} a module lacks its export, or codecs are given
 */
export function loadDataConverter(options: DataConverter | undefined): LoadedConverters {
  if (options === undefined) return defaultDataConverter;
  assertDataConverter(options);
  const { payloadConverterPath, failureConverterPath, payloadCodecs } = options;
  if (payloadCodecs !== undefined && payloadCodecs.length > 0) {
    throw new ValueError('dataConverter.payloadCodecs are not supported yet');
  }
  return {
    payloadConverter:
      payloadConverterPath === undefined
        ? defaultDataConverter.payloadConverter
        : (load(payloadConverterPath, 'payloadConverter', ['toPayload', 'fromPayload']) as PayloadConverter),
    failureConverter:
      failureConverterPath === undefined
        ? defaultDataConverter.failureConverter
        : (load(failureConverterPath, 'failureConverter', [
            'errorToFailure',
            'failureToError',
          ]) as FailureConverter),
  };
}

function load(path: string, exportName: string, methods: readonly string[]): unknown {
  const loaded: unknown = createRequire(resolve('module'))(path);
  const converter = isRecord(loaded) ? loaded[exportName] : undefined;
  if (!isRecord(converter) || methods.some((method) => typeof converter[method] !== 'function')) {
    throw new ValueError(`${path} must export '${exportName}' with the methods ${methods.join(' and ')}`);
  }
  return converter;
}
