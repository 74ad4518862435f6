// The end of a timer. One that has fired while the turn ran is cancelled all the same: workflow code has not seen it fire.
import type { NewEvent } from '../../../model/event';
import type { RunState } from '../run-state';
import type { CommandHandler } from './handler';

export const cancelTimer: CommandHandler<'cancelTimer'> = {
  check(planned, { timerId }) {
    if (planned.hasTimer(timerId)) planned.cancelTimer(timerId);
    else if (firedIn(planned.state, timerId) !== undefined && !planned.isTakenBack(timerId)) {
      planned.takeBackFired(timerId);
    } else {
      return { cause: 'BAD_CANCEL_TIMER_ATTRIBUTES', message: `TimerId ${timerId} is not a pending timer.` };
    }
    return undefined;
  },

  apply({ run, completedEventId }, { timerId, userMetadata }) {
    const { state } = run;
    const timer = state.timers.get(timerId);
    const fired = timer === undefined ? firedIn(state, timerId) : undefined;
    run.add({
      kind: 'timerCanceled',
      timerId,
      startedEventId: timer?.startedEventId ?? fired?.startedEventId ?? 0,
      workflowTaskCompletedEventId: completedEventId,
      identity: state.lastCompletedTaskIdentity,
      ...(userMetadata !== undefined && { userMetadata }),
    });
    if (fired !== undefined) {
      run.note({ kind: 'buffered', events: state.buffered.filter((event) => event !== fired) });
    }
  },
};

type Fired = Extract<NewEvent, { readonly kind: 'timerFired' }>;
const firedIn = ({ buffered }: RunState, timerId: string): Fired | undefined =>
  buffered.find((event): event is Fired => event.kind === 'timerFired' && event.timerId === timerId);
