// A signal to another workflow: recorded here, delivered by a message, whose answer becomes an event.
import { PENDING_MAX } from '../../../model/limits';
import { signalMessage } from '../sends';
import { idProblem, sizeRefusal } from './checks';
import { targetOf, targetProblem } from './external-target';
import type { CommandHandler, CommandRefusal } from './handler';

export const signalExternalWorkflowExecution: CommandHandler<'signalExternalWorkflowExecution'> = {
  check(planned, command) {
    const problem = targetProblem(planned.state, command) ?? idProblem('SignalName', command.signalName);
    if (problem !== undefined) {
      return { cause: 'BAD_SIGNAL_WORKFLOW_EXECUTION_ATTRIBUTES', message: problem };
    }
    if (planned.pendingSignals >= PENDING_MAX) return TOO_MANY;
    planned.signalExternal();
    return sizeRefusal('signal input', command.input);
  },

  apply({ run, completedEventId, endsRun }, command) {
    const { signalName, input, header, childWorkflowOnly, userMetadata } = command;
    const initiated = run.add({
      kind: 'signalExternalWorkflowExecutionInitiated',
      ...targetOf(command),
      signalName,
      input,
      header,
      childWorkflowOnly,
      workflowTaskCompletedEventId: completedEventId,
      ...(userMetadata !== undefined && { userMetadata }),
    });
    if (!endsRun) run.draft.send(signalMessage(run.state, initiated));
  },
};

const TOO_MANY: CommandRefusal = {
  cause: 'PENDING_SIGNALS_LIMIT_EXCEEDED',
  message: `the number of pending signals to external workflows, ${PENDING_MAX}, has reached the per-workflow limit of ${PENDING_MAX}.`,
};
