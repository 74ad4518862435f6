// The life of a timer. Pure.
import { eventShape } from '../event-shape';
import { always, plain } from '../fields';
import { identity, started, taskCompleted } from '../parts';
import { duration, text } from '../scalars';

const timerId = plain('timerId', text);

export const timerStarted = eventShape<'timerStarted'>({
  timerId,
  startToFireTimeoutMs: always('startToFireTimeout', duration),
  workflowTaskCompletedEventId: taskCompleted,
});

export const timerFired = eventShape<'timerFired'>({ timerId, startedEventId: started });

export const timerCanceled = eventShape<'timerCanceled'>({
  timerId,
  startedEventId: started,
  workflowTaskCompletedEventId: taskCompleted,
  identity,
});
