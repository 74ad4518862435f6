// An activity: its timeouts and its retry policy get Temporal's defaults, and attempt 1 begins in this batch if there is a slot.
import type { ScheduleActivityTask } from '../../../model/command';
import { PENDING_MAX } from '../../../model/limits';
import type { Mutable } from '../../../model/mutable';
import type { DurationMs } from '../../../model/time';
import { dispatchFirstAttempt } from '../activities';
import type { EventBody } from '../buffering';
import { withRetryDefaults } from '../retry';
import { shorter } from '../run-options';
import { idProblem, retryProblem, sizeRefusal, taskQueueProblem, timeoutProblem } from './checks';
import type { CommandHandler, CommandRefusal } from './handler';

export const scheduleActivityTask: CommandHandler<'scheduleActivityTask'> = {
  check(planned, command) {
    const problem = problemOf(command);
    if (problem !== undefined) return { cause: 'BAD_SCHEDULE_ACTIVITY_ATTRIBUTES', message: problem };
    const { activityId } = command;
    if (planned.hasActivity(activityId)) {
      return duplicate(activityId);
    }
    if (planned.pendingActivities >= PENDING_MAX) return TOO_MANY;
    planned.scheduleActivity(activityId);
    return sizeRefusal('activity input', command.input);
  },

  apply({ run, completedEventId, endsRun }, command) {
    const { started } = run.state;
    const { activityId, activityType, taskQueue, header, input, userMetadata } = command;
    const timeouts = activityTimeouts(command, started.runTimeoutMs);
    const scheduled: Mutable<EventBody<'activityTaskScheduled'>> = {
      kind: 'activityTaskScheduled',
      eventId: 0,
      at: 0,
      activityId,
      activityType,
      taskQueue: taskQueue || started.taskQueue,
      header,
      input,
      scheduleToCloseTimeoutMs: timeouts.scheduleToCloseTimeoutMs,
      scheduleToStartTimeoutMs: timeouts.scheduleToStartTimeoutMs,
      startToCloseTimeoutMs: timeouts.startToCloseTimeoutMs,
      heartbeatTimeoutMs: timeouts.heartbeatTimeoutMs,
      retryPolicy: withRetryDefaults(command.retryPolicy),
      workflowTaskCompletedEventId: completedEventId,
    };
    if (userMetadata !== undefined) scheduled.userMetadata = userMetadata;
    const event = run.add(scheduled);
    if (!endsRun) dispatchFirstAttempt(run, event);
  },
};

const duplicate = (activityId: string): CommandRefusal => ({
  cause: 'SCHEDULE_ACTIVITY_DUPLICATE_ID',
  message: `an activity with id ${activityId} is pending.`,
});
const TOO_MANY: CommandRefusal = {
  cause: 'PENDING_ACTIVITIES_LIMIT_EXCEEDED',
  message: `the number of pending activities, ${PENDING_MAX}, has reached the per-workflow limit of ${PENDING_MAX}.`,
};

function problemOf(command: ScheduleActivityTask): string | undefined {
  const { startToCloseTimeoutMs, scheduleToCloseTimeoutMs } = command;
  return (
    idProblem('ActivityId', command.activityId) ??
    idProblem('ActivityType', command.activityType) ??
    taskQueueProblem(command.taskQueue) ??
    timeoutProblem({
      ScheduleToCloseTimeout: scheduleToCloseTimeoutMs,
      ScheduleToStartTimeout: command.scheduleToStartTimeoutMs,
      StartToCloseTimeout: startToCloseTimeoutMs,
      HeartbeatTimeout: command.heartbeatTimeoutMs,
    }) ??
    (startToCloseTimeoutMs || scheduleToCloseTimeoutMs
      ? retryProblem(command.retryPolicy)
      : 'A valid StartToClose or ScheduleToCloseTimeout is not set on command.')
  );
}

interface ActivityTimeouts {
  readonly scheduleToCloseTimeoutMs: DurationMs;
  readonly scheduleToStartTimeoutMs: DurationMs;
  readonly startToCloseTimeoutMs: DurationMs;
  readonly heartbeatTimeoutMs: DurationMs;
}

/** What is missing is the whole it is part of: waiting and one attempt in all attempts, all attempts in the run. 0: none. */
function activityTimeouts(
  command: ScheduleActivityTask,
  runTimeoutMs: DurationMs | undefined,
): ActivityTimeouts {
  const scheduleToCloseTimeoutMs = shorter(command.scheduleToCloseTimeoutMs, runTimeoutMs);
  const scheduleToStartTimeoutMs = shorter(command.scheduleToStartTimeoutMs, scheduleToCloseTimeoutMs);
  const startToCloseTimeoutMs = shorter(command.startToCloseTimeoutMs, scheduleToCloseTimeoutMs);
  return {
    scheduleToCloseTimeoutMs: scheduleToCloseTimeoutMs ?? 0,
    scheduleToStartTimeoutMs: scheduleToStartTimeoutMs ?? 0,
    startToCloseTimeoutMs: startToCloseTimeoutMs ?? 0,
    heartbeatTimeoutMs: command.heartbeatTimeoutMs
      ? (shorter(command.heartbeatTimeoutMs, startToCloseTimeoutMs) ?? 0)
      : 0,
  };
}
