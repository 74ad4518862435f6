// The workflow code of a worker, as one bundle: made now, or made before by `bundleWorkflowCode`.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { bundleWorkflows, type BundleWorkflowsOptions } from '../bundle';
import { ValueError } from '../common/errors';
import type { Logger } from '../common/logger';
import type { WorkflowBundleCode } from '../model/worker';
import type { Mutable } from '../model/mutable';
import { refuseInCode, type WorkflowBundleOption, type WorkflowCodeOptions } from './worker-options';

export interface BundleOptions {
  workflowsPath: string | URL;
  workflowInterceptorModules?: string[];
  payloadConverterPath?: string;
  failureConverterPath?: string;
  /** Modules that workflow code imports and never uses: they become empty. */
  ignoreModules?: string[];
  /** Accepted: whatever workflow code imports is loaded once. */
  preloadModules?: string[];
  /** Refused: bundles are made by esbuild. */
  webpackConfigHook?: unknown;
  plugins?: readonly unknown[];
  /** Accepted: bundling has nothing to say. */
  logger?: Logger;
  isolation?: 'auto' | 'context';
}

/** Give it to workers as `workflowBundle`; or write `code` to a file and give them `{ codePath }`. */
export interface WorkflowBundleWithSourceMap {
  code: string;
  sourceMap: string;
}

/** @throws {BundleError} says which file is wrong and what to do */
export async function bundleWorkflowCode(options: BundleOptions): Promise<WorkflowBundleWithSourceMap> {
  const { ignoreModules, webpackConfigHook, plugins, payloadConverterPath, failureConverterPath } = options;
  if (plugins !== undefined && plugins.length > 0) throw new ValueError('plugins: plugins are not supported');
  const { code, sourceMap = '' } = await bundle({
    workflowsPath: options.workflowsPath,
    bundlerOptions: { ...(ignoreModules && { ignoreModules }), webpackConfigHook },
    dataConverter: {
      ...(payloadConverterPath !== undefined && { payloadConverterPath }),
      ...(failureConverterPath !== undefined && { failureConverterPath }),
    },
    ...(options.workflowInterceptorModules && {
      interceptors: { workflowModules: options.workflowInterceptorModules },
    }),
    ...(options.isolation && { isolation: options.isolation }),
  });
  return { code: withMap(code, sourceMap), sourceMap };
}

/** @returns undefined when the options name no workflow code. @throws {BundleError | ValueError | TypeError} */
export async function loadWorkflowBundle(
  options: WorkflowCodeOptions,
): Promise<WorkflowBundleCode | undefined> {
  const { workflowBundle, workflowsPath } = options;
  if (workflowBundle !== undefined) {
    refuseInCode(options);
    return readBundle(workflowBundle);
  }
  return workflowsPath === undefined ? undefined : bundle({ ...options, workflowsPath });
}

async function bundle(
  options: WorkflowCodeOptions & { workflowsPath: string | URL },
): Promise<WorkflowBundleCode> {
  refuseInCode(options);
  const { workflowsPath, bundlerOptions, dataConverter, interceptors, isolation } = options;
  const request: Mutable<BundleWorkflowsOptions> = {
    workflowsPath,
  };
  if (isolation !== undefined) request.isolation = isolation;
  if (bundlerOptions?.ignoreModules) request.ignoreModules = bundlerOptions.ignoreModules;
  if (interceptors?.workflowModules) request.interceptorModules = interceptors.workflowModules;
  if (dataConverter?.payloadConverterPath) request.payloadConverterPath = dataConverter.payloadConverterPath;
  if (dataConverter?.failureConverterPath) request.failureConverterPath = dataConverter.failureConverterPath;
  const { hash, name, code, sourceMap } = await bundleWorkflows(request);
  return { hash, name, code, ...(sourceMap !== undefined && { sourceMap }) };
}

async function readBundle(option: WorkflowBundleOption): Promise<WorkflowBundleCode> {
  const isFile = 'codePath' in option;
  const given = isFile ? await read(option.codePath) : option.code;
  if (typeof given !== 'string' || given === '') {
    throw new ValueError('workflowBundle: { code } as bundleWorkflowCode gave it, or { codePath }');
  }
  const { code, sourceMap } = withoutMap(given);
  const map = (isFile ? undefined : option.sourceMap) ?? sourceMap;
  const hash = createHash('sha256').update(code).digest('hex').slice(0, 16);
  const name = isFile ? path.basename(option.codePath) : 'workflowBundle';
  return { hash, name, code, ...(map !== undefined && { sourceMap: map }) };
}

async function read(codePath: string): Promise<string> {
  try {
    return await readFile(codePath, 'utf8');
  } catch (error) {
    throw new ValueError(`workflowBundle.codePath: '${codePath}' cannot be read`, error);
  }
}

// One text holds both, so that one file is enough: the usual comment at its end.
const MAP_COMMENT = '\n//# sourceMappingURL=data:application/json;base64,';

const withMap = (code: string, sourceMap: string): string =>
  sourceMap === '' ? code : code + MAP_COMMENT + Buffer.from(sourceMap).toString('base64');

function withoutMap(text: string): { readonly code: string; readonly sourceMap?: string } {
  const at = text.lastIndexOf(MAP_COMMENT);
  if (at < 0) return { code: text };
  const encoded = text.slice(at + MAP_COMMENT.length).trim();
  return { code: text.slice(0, at), sourceMap: Buffer.from(encoded, 'base64').toString('utf8') };
}
