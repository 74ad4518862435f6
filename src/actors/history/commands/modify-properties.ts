// Fields of the memo that are set, changed or, with an empty value, removed.
import { MEMO_BYTES_MAX } from '../../../model/limits';
import { payloadMapSize } from '../../../model/payload';
import { memoRefusal } from './checks';
import type { CommandHandler } from './handler';

export const modifyWorkflowProperties: CommandHandler<'modifyWorkflowProperties'> = {
  check({ state }, { upsertedMemo }) {
    // The sum is an upper bound: only beyond it does it matter which fields are replaced.
    if (payloadMapSize(state.memo) + payloadMapSize(upsertedMemo) <= MEMO_BYTES_MAX) return undefined;
    return memoRefusal({ ...state.memo, ...upsertedMemo });
  },

  apply({ run, completedEventId }, { upsertedMemo, userMetadata }) {
    run.add({
      kind: 'workflowPropertiesModified',
      upsertedMemo,
      workflowTaskCompletedEventId: completedEventId,
      ...(userMetadata !== undefined && { userMetadata }),
    });
  },
};
