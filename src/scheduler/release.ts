// RELEASE: the only exit. Every effect of a durable batch, one by one; a failing one never starves the rest.
// Host thread. No user code runs in here: attempts, listeners and sinks begin in a microtask of their own.
import type { Effect, EffectByKind, EffectKind } from '../model/effect';
import type { Message } from '../model/message';
import type { WorkerSpec } from '../model/worker';
import type { Namespace, TaskQueueName } from '../model/ids';
import type { Attempts } from './attempts';
import type { CloseWaiters } from './close-waiters';
import { statusOf } from './close-status';
import type { RuntimeEventEmitter, RuntimeEvents } from './events';
import type { RecentRuns } from './recent-runs';
import type { TaskQueues } from './task-queues';
import type { Timers } from './timers';
import type { Waiters } from './waiters';

export interface ReleaseOptions {
  readonly waiters: Waiters;
  readonly closeWaiters: CloseWaiters;
  readonly recent: RecentRuns;
  readonly attempts: Attempts;
  readonly queues: TaskQueues;
  readonly timers: Timers;
  readonly events: RuntimeEventEmitter;
  readonly send: (message: Message) => void;
  readonly workflowWorker: (namespace: Namespace, taskQueue: TaskQueueName) => WorkerSpec | undefined;
  readonly onTurnFailed: RuntimeEvents['turnFailed'];
  readonly onWarning: (message: string, error?: unknown) => void;
}

type Handlers = { readonly [K in EffectKind]: (effect: EffectByKind<K>, to: ReleaseOptions) => void };

const handlers: Handlers = {
  answer: ({ waiter, reply }, { waiters }) => waiters.answer(waiter, reply),
  runActivity: ({ task }, { attempts }) => attempts.begin(task),
  queueActivity: ({ kind: _, ...activity }, { queues }) => queues.enqueue(activity),
  cancelActivity: ({ execution, scheduledEventId, attempt, reason }, { attempts, queues }) => {
    attempts.cancel(execution.runId, scheduledEventId, attempt, reason);
    if (reason !== 'requested') queues.dequeue({ execution, scheduledEventId, attempt });
  },
  wakeAt: ({ namespace, execution, at }, { timers }) => timers.set({ namespace, execution }, at),
  send: ({ message }, { send }) => send(message),
  runStarted: ({ namespace, execution, workflowType }, { events, recent }) => {
    recent.started(execution.runId);
    if (events.listenerCount('workflowStarted') === 0) return;
    emitLater(events, 'workflowStarted', { namespace, execution, workflowType });
  },
  runClosed: (
    { namespace, execution, workflowType, closeEvent },
    { events, closeWaiters, recent, timers },
  ) => {
    timers.forget(execution.runId);
    if (closeWaiters.closed(execution, closeEvent)) recent.forget(execution.runId);
    else recent.closed(execution.runId, closeEvent);
    if (events.listenerCount('workflowClosed') === 0) return;
    emitLater(events, 'workflowClosed', {
      namespace,
      execution,
      workflowType,
      status: statusOf(closeEvent),
    });
  },
  turnFailed: ({ kind: _, failure, ...turn }, { events, onTurnFailed }) => {
    const event = { ...turn, failure, message: failure.message };
    queueMicrotask(() => onTurnFailed(event));
    emitLater(events, 'turnFailed', event);
  },
  taskWaits: ({ namespace, taskQueue }, { queues }) => queues.expectWorker(namespace, taskQueue, 'workflows'),
  sinkCalls: ({ kind: _, calls, ...context }, { workflowWorker, onWarning }) => {
    const worker = workflowWorker(context.namespace, context.taskQueue);
    if (!worker) return;
    queueMicrotask(() => {
      try {
        worker.onSinkCalls(context, calls);
      } catch (error) {
        onWarning('a sink failed', error);
      }
    });
  },
};

export function release(effects: readonly Effect[], to: ReleaseOptions): void {
  for (const effect of effects) {
    try {
      (handlers[effect.kind] as (effect: Effect, to: ReleaseOptions) => void)(effect, to);
    } catch (error) {
      to.onWarning(`the effect ${effect.kind} could not be released`, error);
    }
  }
}

function emitLater<Name extends 'workflowStarted' | 'workflowClosed' | 'turnFailed'>(
  events: RuntimeEventEmitter,
  name: Name,
  ...args: Parameters<RuntimeEvents[Name]>
): void {
  if (events.listenerCount(name) === 0) return;
  const emit = events.emit.bind(events) as (name: Name, ...args: Parameters<RuntimeEvents[Name]>) => boolean;
  queueMicrotask(() => {
    emit(name, ...args);
  });
}
