// Workflow id → shard. FNV-1a over UTF-16 code units: stable for ever, because a store's shards may one day have several owners.
import type { Namespace, WorkflowId } from '../model/ids';

const OFFSET = 0x811c9dc5;
const PRIME = 0x01000193;

/** 0 to `shardCount` − 1. */
export function shardOf(namespace: Namespace, workflowId: WorkflowId, shardCount: number): number {
  let hash = OFFSET;
  for (let index = 0; index < namespace.length; index += 1)
    hash = Math.imul(hash ^ namespace.charCodeAt(index), PRIME);
  hash = Math.imul(hash ^ 0, PRIME);
  for (let index = 0; index < workflowId.length; index += 1)
    hash = Math.imul(hash ^ workflowId.charCodeAt(index), PRIME);
  // The low bits of FNV are weak for short keys; fold the high ones in.
  return ((hash ^ (hash >>> 15)) >>> 0) % shardCount;
}
