// Names that belong to the runtime. Pure.

export const TEMPORAL_RESERVED_PREFIX = '__temporal_';
export const STACK_TRACE_QUERY_NAME = '__stack_trace';
export const ENHANCED_STACK_TRACE_QUERY_NAME = '__enhanced_stack_trace';
export const WORKFLOW_METADATA_QUERY_NAME = '__temporal_workflow_metadata';

export const isStackTraceQuery = (name: string): boolean =>
  name === STACK_TRACE_QUERY_NAME || name === ENHANCED_STACK_TRACE_QUERY_NAME;

/** @returns what of `name` is reserved */
export function reservedPartOf(name: string): string | undefined {
  if (name.startsWith(TEMPORAL_RESERVED_PREFIX)) return TEMPORAL_RESERVED_PREFIX;
  return isStackTraceQuery(name) ? name : undefined;
}

/** @throws {TypeError} users may not register `name` */
export function throwIfReservedName(type: string, name: string): void {
  const reserved = reservedPartOf(name);
  if (reserved === undefined) return;
  throw new TypeError(
    reserved === name
      ? `Cannot use ${type} name: '${name}', which is reserved`
      : `Cannot use ${type} name: '${name}', with reserved prefix: '${reserved}'`,
  );
}
