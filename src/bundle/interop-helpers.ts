// esbuild's helpers for imports and exports, which it declares again in every module. The loader's `interop` supplies them once.
// Pure.
import type { Token } from './tokens';

export const INTEROP_NAMES = [
  ...['__create', '__defProp', '__getOwnPropDesc', '__getOwnPropNames', '__getProtoOf', '__hasOwnProp'],
  ...['__export', '__copyProps', '__reExport', '__toESM', '__toCommonJS'],
];

/** A statement of the top level that declares one of them. */
export const isInteropHelper = (statement: readonly Token[]): boolean =>
  statement[0]?.text === 'var' &&
  INTEROP_NAMES.includes(statement[1]?.text ?? '') &&
  statement[2]?.text === '=';
