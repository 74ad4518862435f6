// What the four commands that end a run have in common.
import type { CommandKind } from '../../../model/command';
import type { CommandRefusal } from './handler';

/** Something arrived while the turn ran: it is taken in, and the turn runs again. */
export const UNHANDLED_COMMAND: CommandRefusal = { cause: 'UNHANDLED_COMMAND' };

const CLOSING: Partial<Readonly<Record<CommandKind, true>>> = {
  completeWorkflowExecution: true,
  failWorkflowExecution: true,
  cancelWorkflowExecution: true,
  continueAsNewWorkflowExecution: true,
};

/** After this command the run is closed. */
export const isClosing = ({ kind }: { readonly kind: CommandKind }): boolean => CLOSING[kind] === true;
