// A timer. Its id is free again when it has fired or was cancelled.
import type { EventBody } from '../buffering';
import type { Mutable } from '../../../model/mutable';
import { idProblem } from './checks';
import type { CommandHandler } from './handler';

export const startTimer: CommandHandler<'startTimer'> = {
  check(planned, { timerId, startToFireTimeoutMs }) {
    const problem =
      idProblem('TimerId', timerId) ??
      (startToFireTimeoutMs > 0 ? undefined : 'A valid StartToFireTimeout is not set on command.');
    if (problem !== undefined) return { cause: 'BAD_START_TIMER_ATTRIBUTES', message: problem };
    if (planned.hasTimer(timerId)) {
      return { cause: 'START_TIMER_DUPLICATE_ID', message: `a timer with id ${timerId} is pending.` };
    }
    planned.startTimer(timerId);
    return undefined;
  },

  apply({ run, completedEventId }, { timerId, startToFireTimeoutMs, userMetadata }) {
    const started: Mutable<EventBody<'timerStarted'>> = {
      kind: 'timerStarted',
      eventId: 0,
      at: 0,
      timerId,
      startToFireTimeoutMs,
      workflowTaskCompletedEventId: completedEventId,
    };
    if (userMetadata !== undefined) started.userMetadata = userMetadata;
    run.add(started);
  },
};
