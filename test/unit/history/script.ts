// The language of the transcripts: one line, one thing that happens. See transcripts/README.md.
import assert from 'node:assert/strict';
import type { Decision } from '../../../src/actors/history/decision';
import { startedIdOf } from '../../../src/actors/history/tasks';
import { queryTarget } from '../../../src/actors/history/query-target';
import type { Command } from '../../../src/model/command';
import type { RunOptions, WorkflowTaskFailedCause } from '../../../src/model/event';
import type { Failure } from '../../../src/model/failure';
import { runId, taskQueueName, workflowId, type Address } from '../../../src/model/ids';
import type { ActivityOutcome, ActivityRef, MessageByKind, QueryMessage } from '../../../src/model/message';
import type { PayloadMap } from '../../../src/model/payload';
import type { RetryPolicy } from '../../../src/model/retry-policy';
import type { DurationMs } from '../../../src/model/time';
import type { DecidedMessage } from '../../../src/actors/history/decide';
import { printDecision, printMessage } from './print';
import { NAMESPACE, QUEUE, T0, type World } from './world';

/** `word word key=value …` */
class Words {
  readonly options = new Map<string, string>();
  readonly #plain: string[] = [];

  constructor(text: string) {
    for (const word of text.trim().split(/\s+/)) {
      const at = word.indexOf('=');
      if (at > 0) this.options.set(word.slice(0, at), word.slice(at + 1));
      else if (word !== '') this.#plain.push(word);
    }
  }
  next(what: string): string {
    const word = this.#plain.shift();
    assert(word !== undefined, `${what} is missing`);
    return word;
  }
  rest(): string {
    return this.#plain.splice(0).join(' ');
  }
  get(key: string): string | undefined {
    return this.options.get(key);
  }
  ms(key: string): DurationMs | undefined {
    const text = this.get(key);
    return text === undefined ? undefined : parseDuration(text);
  }
  has(flag: string): boolean {
    const at = this.#plain.indexOf(flag);
    if (at >= 0) this.#plain.splice(at, 1);
    return at >= 0;
  }
}

const WAITER = 1;

/** Runs one line and tells what came of it. */
export function runLine(world: World, line: string): readonly string[] {
  const colon = line.indexOf(' : ');
  const head = colon < 0 ? line : line.slice(0, colon);
  const commands = colon < 0 ? [] : parseCommands(line.slice(colon + 3));
  const words = new Words(head);
  const verb = words.next('a verb');
  const run = verbs[verb];
  assert(run !== undefined, `no such verb: ${verb}`);
  const lines = run(world, words, commands);
  return lines;
}

type Verb = (world: World, words: Words, commands: readonly Command[]) => readonly string[];

const verbs: Readonly<Record<string, Verb>> = {
  start: (world, words) => {
    const id = words.next('a workflow id');
    return told(world, startMessage(world, id, words));
  },
  signal: (world, words) => {
    const to = address(words);
    const signal = {
      signalName: words.next('a name'),
      input: [],
      header: {},
      requestId: words.get('request') ?? '',
    };
    return told(world, {
      kind: 'signal',
      to,
      waiter: WAITER,
      identity: 'client',
      signal: { ...signal, requestId: signal.requestId || `${signal.signalName}@${world.now - T0}` },
    });
  },
  cancel: (world, words) => {
    const to = address(words);
    const chain = words.get('chain');
    return told(world, {
      kind: 'cancel',
      to,
      waiter: WAITER,
      identity: 'client',
      requestId: words.get('request') ?? 'cancel',
      ...(words.get('reason') !== undefined && { reason: words.get('reason') as string }),
      ...(chain !== undefined && { firstExecutionRunId: runId(chain) }),
    });
  },
  terminate: (world, words) => {
    const to = address(words);
    const reason = words.get('reason');
    const chain = words.get('chain');
    return told(world, {
      kind: 'terminate',
      to,
      waiter: WAITER,
      identity: 'client',
      ...(reason !== undefined && { reason }),
      ...(chain !== undefined && { firstExecutionRunId: runId(chain) }),
    });
  },
  delete: (world, words) =>
    told(world, { kind: 'delete', to: address(words), waiter: WAITER, identity: 'client' }),
  describe: (world, words) => told(world, { kind: 'describe', to: address(words), waiter: WAITER }),
  query: (world, words) => {
    const to = address(words);
    const message: QueryMessage = {
      kind: 'query',
      to,
      waiter: WAITER,
      queryType: 'state',
      input: [],
      header: {},
      rejectCondition: (words.get('reject') as 'NONE' | undefined) ?? 'NONE',
      expiresAt: world.now + 10_000,
    };
    const since = words.get('since') === 'waits' ? 'waits' : 'arrives';
    const target = queryTarget(world.runsOf(to.workflowId), { message, since }, world.bundleHash);
    if ('awaitsTask' in target) return [`  waits for a workflow task of ${target.awaitsTask.runId}`];
    if ('run' in target) return [`  ${target.run.runId} answers`];
    const { refusal } = target;
    return [
      `  refused: ${refusal.kind} ${'message' in refusal ? refusal.message : 'status' in refusal ? refusal.status : ''}`,
    ];
  },

  /** A whole turn, as the in-process executor does it. */
  turn: (world, words, commands) => {
    const id = words.next('a workflow id');
    return [...begin(world, id), ...complete(world, id, commands)];
  },
  begin: (world, words) => begin(world, words.next('a workflow id')),
  complete: (world, words, commands) => complete(world, words.next('a workflow id'), commands),
  fail: (world, words) => {
    const { to, startedEventId } = startedTurn(world, words.next('a workflow id'));
    const cause = (words.get('cause') ?? 'WORKFLOW_WORKER_UNHANDLED_FAILURE') as WorkflowTaskFailedCause;
    const failure = { message: words.rest() };
    return told(world, { kind: 'turnFailed', to, startedEventId, identity: 'worker', cause, failure });
  },
  'fail-turn': (world, words) => {
    const id = words.next('a workflow id');
    const begun = begin(world, id);
    return [...begun, ...(verbs['fail'] as Verb)(world, new Words(`${id} ${words.rest()}`), [])];
  },
  /** Other workflow code. */
  deploy: (world, words) => {
    world.bundleHash = words.next('a bundle');
    return [];
  },
  strike: (world, words) => told(world, { kind: 'struck', to: address(words), reason: 'the lane died' }),

  grant: (world, words) => {
    const to = currentAddress(world, words.next('a workflow id'));
    const scheduledEventId = Number(words.next('an event id'));
    const attempt = Number(words.get('attempt') ?? 1);
    return told(world, { kind: 'activityGranted', to, scheduledEventId, attempt, identity: 'worker' });
  },
  result: (world, words) =>
    resolved(world, words, () => ({ kind: 'completed', result: words.rest() || null })),
  failed: (world, words) =>
    resolved(world, words, () => ({
      kind: 'failed',
      failure: parseFailure(words),
      ...(words.get('heartbeat') !== undefined && { lastHeartbeatDetails: words.get('heartbeat') as string }),
    })),
  canceled: (world, words) => resolved(world, words, () => ({ kind: 'canceled' })),
  async: (world, words) => resolved(world, words, () => ({ kind: 'willCompleteAsync' })),
  heartbeat: (world, words) => {
    const to = currentAddress(world, words.next('a workflow id'));
    const activity = activityRef(words);
    const details = words.rest();
    return told(world, {
      kind: 'activityHeartbeat',
      to,
      waiter: WAITER,
      identity: 'worker',
      activity,
      ...(details !== '' && { details }),
    });
  },

  /** Delivers the oldest message between runs; `deliver all` until there is none; `keep` leaves it for a repeat. */
  deliver: (world, words) => {
    const keep = words.has('keep');
    const all = words.has('all');
    const lines: string[] = [];
    for (let count = 0; count < (all ? 100 : 1); count += 1) {
      const message = keep ? world.outbox[0] : world.outbox.shift();
      if (message === undefined) break;
      lines.push(`  <- ${printMessage(message)}`, ...told(world, message as DecidedMessage));
    }
    return lines.length === 0 ? ['  nothing on its way'] : lines;
  },
  drop: (world) => {
    const message = world.outbox.shift();
    return [message === undefined ? '  nothing on its way' : `  lost: ${printMessage(message)}`];
  },

  advance: (world, words) => {
    const until = world.now + parseDuration(words.next('a duration'));
    const lines: string[] = [];
    for (;;) {
      const due = world.wakeNext(until);
      if (due === undefined) break;
      const to = { namespace: NAMESPACE, workflowId: due.workflow, runId: due.run };
      lines.push(`  +${(world.now - T0) / 1_000}s`, ...told(world, { kind: 'wake', to }));
    }
    world.now = until;
    return lines.length === 0 ? ['  nothing is due'] : lines;
  },
  /** A wake-up that comes although nothing is due. */
  wake: (world, words) => {
    const to = currentAddress(world, words.next('a workflow id'));
    world.wakeUps.delete(to.runId);
    return told(world, { kind: 'wake', to });
  },
  /** The process is down for so long: nothing fires. */
  down: (world, words) => {
    world.now += parseDuration(words.next('a duration'));
    return world.restart().flatMap(printDecision);
  },
  slots: (world, words) => {
    world.slots = Number(words.next('a number'));
    return [];
  },
  restart: (world) => world.restart().flatMap(printDecision),
  reload: (world, words) => printDecision(world.reload(words.next('a workflow id'))),
  history: (world, words) => {
    const events = world.events(runId(words.next('a run id')));
    return [`  ${events.map(({ kind }) => kind.charAt(0).toUpperCase() + kind.slice(1)).join(' ')}`];
  },
};

const told = (world: World, message: DecidedMessage): readonly string[] =>
  printDecision(world.step(message) satisfies Decision);

function begin(world: World, id: string): readonly string[] {
  const to = currentAddress(world, id);
  return told(world, { kind: 'turnStarted', to, identity: 'worker', requestId: 'turn' });
}

function complete(world: World, id: string, commands: readonly Command[]): readonly string[] {
  const { to, startedEventId } = startedTurn(world, id);
  const stamp = { bundleHash: 'bundle', commandHash: 1 };
  return told(world, { kind: 'turnCompleted', to, startedEventId, identity: 'worker', commands, stamp });
}

function startedTurn(world: World, id: string) {
  const state = world.current(id);
  const task = state.workflowTask;
  assert(task.kind === 'started', `no task of ${id} is started`);
  return { to: currentAddress(world, id), startedEventId: startedIdOf(state, task) };
}

const currentAddress = (world: World, id: string) => ({
  namespace: NAMESPACE,
  workflowId: workflowId(id),
  runId: world.current(id).runId,
});

function address(words: Words): Address {
  const [id = '', run] = words.next('a workflow id').split('/');
  return {
    namespace: NAMESPACE,
    workflowId: workflowId(id),
    ...(run !== undefined && { runId: runId(run) }),
  };
}

function activityRef(words: Words): ActivityRef {
  const word = words.next('an activity');
  if (word.startsWith('#')) return { kind: 'id', activityId: word.slice(1) };
  return { kind: 'attempt', scheduledEventId: Number(word), attempt: Number(words.get('attempt') ?? 1) };
}

function resolved(world: World, words: Words, outcome: () => ActivityOutcome): readonly string[] {
  const to = currentAddress(world, words.next('a workflow id'));
  const activity = activityRef(words);
  return told(world, {
    kind: 'activityResolved',
    to,
    waiter: WAITER,
    identity: 'worker',
    activity,
    outcome: outcome(),
  });
}

function startMessage(world: World, id: string, words: Words): MessageByKind<'start'> {
  const signal = words.get('signal');
  const delay = words.ms('delay');
  const newRunId = world.newRunId();
  return {
    kind: 'start',
    to: { namespace: NAMESPACE, workflowId: workflowId(id) },
    waiter: WAITER,
    newRunId,
    requestId: words.get('request') ?? `start ${newRunId}`,
    identity: 'client',
    options: runOptions(words),
    reusePolicy: (words.get('reuse') as 'ALLOW_DUPLICATE' | undefined) ?? 'ALLOW_DUPLICATE',
    conflictPolicy:
      (words.get('conflict') as 'FAIL' | undefined) ?? (signal === undefined ? 'FAIL' : 'USE_EXISTING'),
    ...(delay !== undefined && { startDelayMs: delay }),
    ...(signal !== undefined && {
      signal: {
        signalName: signal,
        input: [],
        header: {},
        requestId: words.get('signal-request') ?? `${signal}@start`,
      },
    }),
  };
}

function runOptions(words: Words): RunOptions {
  const retry = words.get('retry');
  const exec = words.ms('execution');
  const run = words.ms('run');
  const memo = words.get('memo');
  const attributes = words.get('attributes');
  return {
    workflowType: words.get('type') ?? 'order',
    taskQueue: taskQueueName(words.get('queue') ?? QUEUE),
    input: [],
    header: {},
    taskTimeoutMs: words.ms('task') ?? 10_000,
    ...(exec !== undefined && { executionTimeoutMs: exec }),
    ...(run !== undefined && { runTimeoutMs: run }),
    ...(retry !== undefined && { retryPolicy: fullPolicy(retry) }),
    ...(memo !== undefined && { memo: parseMap(memo) }),
    ...(attributes !== undefined && { searchAttributes: parseMap(attributes) }),
  };
}

/** `100ms*2<10sx3!Fatal`: initial interval, coefficient, maximum interval, attempts, types that are not retried. */
function parsePolicy(text: string): Partial<RetryPolicy> {
  const match = /^([^*<x!]+)?(?:\*([\d.]+))?(?:<([^x!]+))?(?:x(\d+))?(?:!(.+))?$/.exec(text);
  assert(match, `no retry policy: ${text}`);
  const [, initial, coefficient, maximum, attempts, types] = match;
  return {
    ...(initial !== undefined && { initialIntervalMs: parseDuration(initial) }),
    ...(coefficient !== undefined && { backoffCoefficient: Number(coefficient) }),
    ...(maximum !== undefined && { maximumIntervalMs: parseDuration(maximum) }),
    ...(attempts !== undefined && { maximumAttempts: Number(attempts) }),
    ...(types !== undefined && { nonRetryableErrorTypes: types.split('!') }),
  };
}

function fullPolicy(text: string): RetryPolicy {
  const { initialIntervalMs = 1_000, ...rest } = parsePolicy(text);
  return {
    initialIntervalMs,
    backoffCoefficient: 2,
    maximumIntervalMs: 100 * initialIntervalMs,
    maximumAttempts: 0,
    nonRetryableErrorTypes: [],
    ...rest,
  };
}

/** `a:1,b:2` */
function parseMap(text: string): PayloadMap {
  return Object.fromEntries(
    text.split(',').map((pair) => {
      const [key = '', value = ''] = pair.split(':');
      return [key, value === 'undefined' ? null : value];
    }),
  );
}

function parseFailure(words: Words): Failure {
  const type = words.get('type');
  const delay = words.ms('next');
  const nonRetryable = words.has('non-retryable');
  return {
    message: words.rest(),
    info: {
      kind: 'application',
      nonRetryable,
      ...(type !== undefined && { type }),
      ...(delay !== undefined && { nextRetryDelayMs: delay }),
    },
  };
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

function parseDuration(text: string): DurationMs {
  const match = /^(-?[\d.]+)(ms|s|m|h|d)$/.exec(text);
  assert(match, `no duration: ${text}`);
  return Number(match[1]) * (UNITS[match[2] as string] as number);
}

const parseCommands = (text: string): readonly Command[] =>
  text
    .split(';')
    .filter((one) => one.trim() !== '')
    .map((one) => {
      const words = new Words(one);
      const kind = words.next('a command');
      const parse = commandParsers[kind];
      assert(parse !== undefined, `no such command: ${kind}`);
      return parse(words);
    });

const target = (words: Words) => {
  const { namespace, workflowId: id, runId: run } = address(words);
  return { namespace, workflowId: id, ...(run !== undefined && { runId: run }) };
};

const commandParsers: Readonly<Record<string, (words: Words) => Command>> = {
  activity: (words) => {
    const timeouts = {
      scheduleToCloseTimeoutMs: words.ms('schedule-to-close'),
      scheduleToStartTimeoutMs: words.ms('schedule-to-start'),
      startToCloseTimeoutMs: words.ms('start-to-close'),
      heartbeatTimeoutMs: words.ms('heartbeat'),
    };
    const given = Object.fromEntries(Object.entries(timeouts).filter(([, value]) => value !== undefined));
    const retry = words.get('retry');
    return {
      kind: 'scheduleActivityTask',
      activityId: words.get('id') ?? words.next('an activity id'),
      activityType: words.get('type') ?? 'charge',
      taskQueue: taskQueueName(words.get('queue') ?? ''),
      header: {},
      input: [],
      ...(Object.keys(given).length === 0 ? { startToCloseTimeoutMs: 10_000 } : given),
      ...(retry !== undefined && { retryPolicy: parsePolicy(retry) }),
    };
  },
  'cancel-activity': (words) => ({
    kind: 'requestCancelActivityTask',
    scheduledEventId: Number(words.next('an event id')),
  }),
  timer: (words) => ({
    kind: 'startTimer',
    timerId: words.get('id') ?? words.next('a timer id'),
    startToFireTimeoutMs: parseDuration(words.next('a duration')),
  }),
  'cancel-timer': (words) => ({ kind: 'cancelTimer', timerId: words.next('a timer id') }),
  child: (words) => ({
    kind: 'startChildWorkflowExecution',
    ...target(words),
    ...runOptions(words),
    taskQueue: taskQueueName(words.get('queue') ?? ''),
    ...(words.get('close') !== undefined && { parentClosePolicy: words.get('close') as 'ABANDON' }),
    ...(words.get('reuse') !== undefined && {
      workflowIdReusePolicy: words.get('reuse') as 'REJECT_DUPLICATE',
    }),
  }),
  signal: (words) => {
    const childWorkflowOnly = words.has('child-only');
    const to = target(words);
    return {
      kind: 'signalExternalWorkflowExecution',
      ...to,
      signalName: words.rest(),
      input: [],
      header: {},
      childWorkflowOnly,
    };
  },
  'cancel-workflow': (words) => {
    const childWorkflowOnly = words.has('child-only');
    return { kind: 'requestCancelExternalWorkflowExecution', ...target(words), childWorkflowOnly };
  },
  marker: (words) => ({ kind: 'recordMarker', markerName: words.rest(), details: {} }),
  attributes: (words) => ({
    kind: 'upsertWorkflowSearchAttributes',
    searchAttributes: parseMap(words.next('attributes')),
  }),
  memo: (words) => ({ kind: 'modifyWorkflowProperties', upsertedMemo: parseMap(words.next('a memo')) }),
  complete: (words) => {
    const result = words.rest();
    return { kind: 'completeWorkflowExecution', ...(result !== '' && { result }) };
  },
  fail: (words) => ({ kind: 'failWorkflowExecution', failure: parseFailure(words) }),
  cancelled: () => ({ kind: 'cancelWorkflowExecution' }),
  'continue-as-new': (words) => {
    const { taskTimeoutMs: _, memo, searchAttributes, runTimeoutMs } = runOptions(words);
    return {
      kind: 'continueAsNewWorkflowExecution',
      workflowType: words.get('type') ?? '',
      taskQueue: taskQueueName(words.get('queue') ?? ''),
      input: [],
      header: {},
      ...(memo !== undefined && { memo }),
      ...(searchAttributes !== undefined && { searchAttributes }),
      ...(runTimeoutMs !== undefined && { runTimeoutMs }),
      ...(words.ms('backoff') !== undefined && { backoffStartIntervalMs: words.ms('backoff') as number }),
    };
  },
};
