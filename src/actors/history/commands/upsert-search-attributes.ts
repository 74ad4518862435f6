// Search attributes that are set, changed or, with an empty value, removed.
import { searchAttributesRefusal } from './checks';
import type { CommandHandler } from './handler';

export const upsertWorkflowSearchAttributes: CommandHandler<'upsertWorkflowSearchAttributes'> = {
  check: (_planned, { searchAttributes }) => searchAttributesRefusal(searchAttributes),

  apply({ run, completedEventId }, { searchAttributes, userMetadata }) {
    run.add({
      kind: 'upsertWorkflowSearchAttributes',
      searchAttributes,
      workflowTaskCompletedEventId: completedEventId,
      ...(userMetadata !== undefined && { userMetadata }),
    });
  },
};
