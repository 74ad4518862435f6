// Loads the converters that users name by path: with `import()`, so that CommonJS and ES modules both work.
import { pathToFileURL } from 'node:url';
import { defaultFailureConverter, type FailureConverter } from '../common/converter/failure-converter';
import { isRecord } from '../common/error-inspection';
import { ValueError } from '../common/errors';
import { defaultPayloadConverter } from '../common/payload/default-payload-converter';
import type { PayloadConverter } from '../common/payload/payload-converter';

export interface ConverterPaths {
  readonly payloadConverterPath?: string;
  readonly failureConverterPath?: string;
}

export interface Converters {
  readonly payloadConverter: PayloadConverter;
  readonly failureConverter: FailureConverter;
}

/** @throws {ValueError} a module cannot be loaded, or has no such export */
export async function loadConverters(paths: ConverterPaths): Promise<Converters> {
  const { payloadConverterPath, failureConverterPath } = paths;
  return {
    payloadConverter:
      payloadConverterPath === undefined
        ? defaultPayloadConverter
        : await load<PayloadConverter>(payloadConverterPath, 'payloadConverter', [
            'toPayload',
            'fromPayload',
          ]),
    failureConverter:
      failureConverterPath === undefined
        ? defaultFailureConverter
        : await load<FailureConverter>(failureConverterPath, 'failureConverter', [
            'errorToFailure',
            'failureToError',
          ]),
  };
}

async function load<T>(path: string, name: string, methods: readonly string[]): Promise<T> {
  const module = await importFile(path, `${name}Path`);
  const converter = module[name] ?? (isRecord(module['default']) ? module['default'][name] : undefined);
  if (!isRecord(converter) || methods.some((method) => typeof converter[method] !== 'function')) {
    throw new ValueError(
      `${name}Path: '${path}' has no export '${name}' with the methods ${methods.join(', ')}`,
    );
  }
  return converter as T;
}

/** @param option that named the file, for the error */
export async function importFile(path: string, option: string): Promise<Record<string, unknown>> {
  try {
    return (await import(path.startsWith('file:') ? path : pathToFileURL(path).href)) as Record<
      string,
      unknown
    >;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ValueError(`${option}: '${path}' cannot be loaded: ${reason}`, error);
  }
}
