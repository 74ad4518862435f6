// In which states of a workflow a query is refused.
import { makeEnum } from '../common/enums';

export const [QueryRejectCondition, encodeQueryRejectCondition, decodeQueryRejectCondition] = makeEnum(
  { NONE: 1, NOT_OPEN: 2, NOT_COMPLETED_CLEANLY: 3 },
  'QUERY_REJECT_CONDITION_',
);
export type QueryRejectCondition = 'NONE' | 'NOT_OPEN' | 'NOT_COMPLETED_CLEANLY';
