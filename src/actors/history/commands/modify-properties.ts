// Fields of the memo that are set, changed or, with an empty value, removed.
import { MEMO_BYTES_MAX } from '../../../model/limits';
import { mapSize } from '../payload-maps';
import { memoRefusal } from './checks';
import type { CommandHandler } from './handler';

export const modifyWorkflowProperties: CommandHandler<'modifyWorkflowProperties'> = {
  check({ state }, { upsertedMemo }) {
    // The sum is an upper bound: only beyond it does it matter which fields are replaced.
    if (mapSize(state.memo) + mapSize(upsertedMemo) <= MEMO_BYTES_MAX) return undefined;
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
