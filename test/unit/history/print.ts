// Decisions as text, one line for each event, fact and effect. What is the same everywhere is left out.
import type { Decision } from '../../../src/actors/history/decision';
import type { ActivityTask, Effect, EffectByKind, EffectKind } from '../../../src/model/effect';
import type { HistoryEvent } from '../../../src/model/event';
import type { Fact, OwedSend } from '../../../src/model/fact';
import type { Failure } from '../../../src/model/failure';
import type { Message } from '../../../src/model/message';
import type { Reply } from '../../../src/model/reply';
import type { DurationMs, EpochMs } from '../../../src/model/time';
import { QUEUE, T0 } from './world';

export function printDecision({ runs, effects, deleted }: Decision): readonly string[] {
  const lines: string[] = [];
  for (const { run, changes } of runs) {
    for (const change of changes) {
      lines.push(
        change.kind === 'event' ? printEvent(run.runId, change.event) : printFact(run.runId, change.fact),
      );
    }
  }
  for (const effect of effects) {
    const line = printEffect(effect);
    if (line !== undefined) lines.push(`  -> ${line}`);
  }
  if (deleted !== undefined) lines.push(`  ${deleted} is deleted`);
  return lines.length === 0 ? ['  nothing'] : lines;
}

const SAME_EVERYWHERE: ReadonlySet<string> = new Set([
  'kind',
  'eventId',
  'at',
  'header',
  'requestId',
  'stamp',
  'workflowTaskCompletedEventId',
  'historySizeBytes',
  'originalExecutionRunId',
  'workflowId',
  'namespace',
]);

function printEvent(run: string, event: HistoryEvent): string {
  return `  ${run} ${event.eventId} ${capital(event.kind)}${fields(event)}`;
}

function printFact(run: string, fact: Fact): string {
  if (fact.kind === 'buffered') {
    return `  ${run} waits: ${fact.events.map(({ kind }) => capital(kind)).join(', ') || 'nothing'}`;
  }
  if (fact.kind === 'activity') {
    const { state, ...rest } = fact;
    const more = fields(rest, ['scheduledEventId']);
    return `  ${run} fact activity ${fact.scheduledEventId} ${state.kind}${fields(state)}${more}`;
  }
  if (fact.kind === 'owed') {
    return `  ${run} owes ${fact.sends.map(printOwed).join(', ') || 'nothing'}`;
  }
  return `  ${run} fact ${fact.kind}${fields(fact)}`;
}

const printOwed = (send: OwedSend): string =>
  send.kind === 'childClosed' ? 'its close to its parent' : `${send.action} to ${send.child.workflowId}`;

type Printers = { readonly [K in EffectKind]?: (effect: EffectByKind<K>) => string | undefined };
const printers: Printers = {
  answer: ({ reply }) => `answer ${printReply(reply)}`,
  send: ({ message }) => `send ${printMessage(message)}`,
  wakeAt: ({ execution, at }) => `wake ${execution.runId} ${at === undefined ? 'never' : moment(at)}`,
  runActivity: ({ task }) => `run activity ${printTask(task)}`,
  queueActivity: ({ execution, scheduledEventId, attempt }) =>
    `queue activity ${execution.runId}/${scheduledEventId} attempt ${attempt}`,
  cancelActivity: ({ execution, scheduledEventId, attempt, reason }) =>
    `cancel activity ${execution.runId}/${scheduledEventId} attempt ${attempt}: ${reason}`,
  turnFailed: ({ attempt, cause, failure }) => `turn failed, attempt ${attempt}: ${cause} ${failure.message}`,
  runStarted: () => undefined,
  runClosed: ({ execution, closeEvent }) => `closed ${execution.runId} by ${capital(closeEvent.kind)}`,
};

function printEffect(effect: Effect): string | undefined {
  const print = printers[effect.kind] as ((effect: Effect) => string | undefined) | undefined;
  return print === undefined ? effect.kind : print(effect);
}

function printTask(task: ActivityTask): string {
  const { execution, scheduledEventId, attempt, heartbeatDetails } = task;
  const details = heartbeatDetails === undefined ? '' : ` after ${JSON.stringify(heartbeatDetails)}`;
  return `${execution.runId}/${scheduledEventId} attempt ${attempt}${details}`;
}

function printReply(reply: Reply): string {
  if (reply.kind === 'refused') {
    const { refusal } = reply;
    return `refused: ${refusal.kind}${'message' in refusal ? ` "${refusal.message}"` : ''}`;
  }
  if (reply.kind !== 'described') return `${reply.kind}${fields(reply)}`;
  const { pendingActivities, pendingChildren, pendingWorkflowTask, ...rest } = reply.description;
  const pending = [
    ...pendingActivities.map((activity) => `\n     activity${fields(activity)}`),
    ...pendingChildren.map((child) => `\n     child${fields(child)}`),
    ...(pendingWorkflowTask === undefined ? [] : [`\n     task${fields(pendingWorkflowTask)}`]),
  ];
  return `described${fields(rest)}${pending.join('')}`;
}

export function printMessage(message: Message): string {
  const { kind, to, ...rest } = message;
  const target = to.runId === undefined ? to.workflowId : `${to.workflowId}/${to.runId}`;
  const { waiter: _, identity: __, ...told } = rest as Record<string, unknown>;
  return `${kind} to ${target}${fields(told)}`;
}

function fields(of: object, without: readonly string[] = []): string {
  let text = '';
  for (const [name, value] of Object.entries(of)) {
    if (SAME_EVERYWHERE.has(name) || without.includes(name) || isDefault(name, value)) continue;
    text += ` ${name.replace(/Ms$/, '')}=${printValue(name, value)}`;
  }
  return text;
}

function isDefault(name: string, value: unknown): boolean {
  if (value === undefined || value === false) return true;
  if (name === 'taskQueue') return value === QUEUE;
  if (name === 'taskTimeoutMs' || name === 'startToCloseTimeoutMs') return value === 10_000;
  if (name === 'epoch' || name === 'attempt') return value === 1;
  if (name === 'identity') return value === '' || value === 'worker' || value === 'client';
  if (name === 'retryPolicy') return printValue(name, value) === '1s*2';
  if (name === 'bundleHash') return value === 'b1';
  if (name === 'strikes') return value === 0;
  if (Array.isArray(value)) return value.length === 0;
  return value === 0;
}

const MOMENTS = /^(at|since|notBefore|.*At|.*Time)$/;

function printValue(name: string, value: unknown): string {
  if (typeof value === 'number') {
    if (name.endsWith('Ms')) return duration(value);
    return MOMENTS.test(name) ? moment(value) : String(value);
  }
  if (typeof value === 'string') return value;
  if (value === null) return 'null';
  if (Array.isArray(value)) return `[${value.map((one) => printValue(name, one)).join(' ')}]`;
  if (typeof value !== 'object') return JSON.stringify(value);
  if (name === 'retryPolicy') return printPolicy(value as Record<string, number>);
  if (isFailure(value)) return printFailure(value);
  if ('runId' in value && 'workflowId' in value)
    return `${value.workflowId as string}/${value.runId as string}`;
  if ('kind' in value && typeof value.kind === 'string') return `${value.kind}(${fields(value).trim()})`;
  return `{${fields(value).trim()}}`;
}

function printPolicy(policy: Record<string, unknown>): string {
  const {
    initialIntervalMs,
    backoffCoefficient,
    maximumIntervalMs,
    maximumAttempts,
    nonRetryableErrorTypes,
  } = policy as {
    readonly initialIntervalMs: number;
    readonly backoffCoefficient: number;
    readonly maximumIntervalMs: number;
    readonly maximumAttempts: number;
    readonly nonRetryableErrorTypes: readonly string[];
  };
  const cut = maximumIntervalMs === 100 * initialIntervalMs ? '' : `<${duration(maximumIntervalMs)}`;
  const most = maximumAttempts === 0 ? '' : `x${maximumAttempts}`;
  const final = nonRetryableErrorTypes.length === 0 ? '' : `!${nonRetryableErrorTypes.join('!')}`;
  return `${duration(initialIntervalMs)}*${backoffCoefficient}${cut}${most}${final}`;
}

const isFailure = (value: object): value is Failure => 'message' in value && !('kind' in value);

function printFailure({ message, info, cause }: Failure): string {
  const { kind = 'plain', ...rest } = info ?? {};
  const because = cause === undefined ? '' : ` because ${printFailure(cause)}`;
  return `<${kind}${fields(rest)}: ${message}${because}>`;
}

const moment = (at: EpochMs): string => `+${duration(at - T0)}`;

function duration(ms: DurationMs): string {
  if (ms !== 0 && ms % 60_000 === 0) return `${ms / 60_000}m`;
  return ms % 1_000 === 0 ? `${ms / 1_000}s` : `${ms}ms`;
}

const capital = (kind: string): string => kind.charAt(0).toUpperCase() + kind.slice(1);
