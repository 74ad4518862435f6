// What workflow code leaves in its history: markers, search attributes, memo. Pure.
import { eventShape } from '../event-shape';
import { optional, plain, required } from '../fields';
import { failure } from '../failure';
import { taskCompleted } from '../parts';
import { headers, memo, payloadsMap, searchAttributes } from '../payloads';
import { text } from '../scalars';

export const markerRecorded = eventShape<'markerRecorded'>({
  markerName: plain('markerName', text),
  details: plain('details', payloadsMap),
  header: optional('header', headers),
  failure: optional('failure', failure),
  workflowTaskCompletedEventId: taskCompleted,
});

export const upsertWorkflowSearchAttributes = eventShape<'upsertWorkflowSearchAttributes'>({
  searchAttributes: required('searchAttributes', searchAttributes),
  workflowTaskCompletedEventId: taskCompleted,
});

export const workflowPropertiesModified = eventShape<'workflowPropertiesModified'>({
  upsertedMemo: required('upsertedMemo', memo),
  workflowTaskCompletedEventId: taskCompleted,
});
