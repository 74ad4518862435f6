// The queries `__stack_trace` and `__enhanced_stack_trace`: where a workflow waits, in the lines of the user's files. Shard thread.
// The run that is at work knows nothing of it: a second one is replayed, and remembers where its promises were made.
import { defaultPayloadConverter } from '../common/payload/default-payload-converter';
import { encodeValue } from '../common/payload/model-payloads';
import { STACK_TRACE_QUERY_NAME } from '../common/reserved';
import type { QueryMessage } from '../model/message';
import type { QueryAnswer } from '../model/turn';
import { lookInto, type ReplayOfCode } from './explain';
import { SDK_IDENTITY } from './sdk-identity';

export function answerStacks(
  { queryType, header }: QueryMessage,
  replay: ReplayOfCode,
): QueryAnswer['outcome'] {
  return lookInto(replay, ({ failed, waiting }, execution) => {
    if (failed !== undefined) return { kind: 'failed', failure: failed.failure, notRegistered: false };
    const answer = queryType === STACK_TRACE_QUERY_NAME ? waiting.join('\n\n') : enhanced(waiting);
    // The workflow's own converter gives it the form that its clients read: see the engine's queries.
    const input = [encodeValue(defaultPayloadConverter, answer, 'answer')];
    return execution.query({ kind: 'queryWorkflow', queryId: queryType, queryType, input, header }).outcome;
  });
}

/** `    at async order (src/workflows.ts:12:9)`, or without a name. */
const FRAME = /^\s*at (?:async )?(?:(.+) \()?(.+):(\d+):(\d+)\)?$/;

/** In the form of `EnhancedStackTrace`. Sources are not sent: they are with who asks. */
function enhanced(waiting: readonly string[]): object {
  const stacks = waiting.map((stack) => ({ locations: stack.split('\n').map(locationOf) }));
  return { sdk: SDK_IDENTITY, stacks, sources: {} };
}

function locationOf(frame: string): object {
  const [, name, file, line, column] = FRAME.exec(frame) ?? [];
  return {
    ...(file !== undefined && { file_path: file, line: Number(line), column: Number(column) }),
    ...(name !== undefined && { function_name: name }),
    internal_code: false,
  };
}
