// Queries that every workflow has by itself: their definitions, for callers. Runs everywhere.
import { defineQuery } from '../common/handler-definitions';
import {
  ENHANCED_STACK_TRACE_QUERY_NAME,
  STACK_TRACE_QUERY_NAME,
  WORKFLOW_METADATA_QUERY_NAME,
} from '../common/reserved';

/** What a workflow is waiting for, as text. */
export const stackTraceQuery = defineQuery<string>(STACK_TRACE_QUERY_NAME);
/** The same, with positions in source files. */
export const enhancedStackTraceQuery = defineQuery<EnhancedStackTrace>(ENHANCED_STACK_TRACE_QUERY_NAME);
/** Its type, its handlers and its current details. */
export const workflowMetadataQuery = defineQuery<WorkflowMetadata>(WORKFLOW_METADATA_QUERY_NAME);

export interface StackTraceFileLocation {
  readonly file_path?: string;
  readonly line?: number;
  readonly column?: number;
  readonly function_name?: string;
  readonly internal_code: boolean;
}
export interface StackTrace {
  readonly locations: StackTraceFileLocation[];
}
export interface StackTraceSDKInfo {
  readonly name: string;
  readonly version: string;
}
export interface StackTraceFileSlice {
  readonly line_offset: number;
  readonly content: string;
}
export interface EnhancedStackTrace {
  readonly sdk: StackTraceSDKInfo;
  readonly stacks: StackTrace[];
  readonly sources: Record<string, StackTraceFileSlice[]>;
}

interface HandlerDefinition {
  readonly name: string;
  readonly description?: string;
}
interface WorkflowMetadata {
  readonly definition: {
    readonly type: string;
    readonly queryDefinitions: HandlerDefinition[];
    readonly signalDefinitions: HandlerDefinition[];
    readonly updateDefinitions: HandlerDefinition[];
  };
  readonly currentDetails: string;
}
