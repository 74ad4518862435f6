// A marker: something that workflow code, or the engine in its name, wants to find again on replay.
import type { RecordMarker } from '../../../model/command';
import { idProblem, sizeRefusal } from './checks';
import type { CommandHandler } from './handler';

export const recordMarker: CommandHandler<'recordMarker'> = {
  check(_planned, command) {
    const problem = idProblem('MarkerName', command.markerName);
    if (problem !== undefined) return { cause: 'BAD_RECORD_MARKER_ATTRIBUTES', message: problem };
    return sizeRefusal('marker', payloadsOf(command));
  },

  apply({ run, completedEventId }, { markerName, details, failure, userMetadata }) {
    run.add({
      kind: 'markerRecorded',
      markerName,
      details,
      workflowTaskCompletedEventId: completedEventId,
      ...(failure !== undefined && { failure }),
      ...(userMetadata !== undefined && { userMetadata }),
    });
  },
};

const payloadsOf = ({ details }: RecordMarker) => Object.values(details).flat();
