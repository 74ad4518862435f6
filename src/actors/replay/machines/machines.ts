// All machines of one run: workflow commands go in, server commands and activation jobs come out; events move them on. Pure.
// Which event belongs to which machine stands in one table, which command makes which machine in another.
import { appended } from '../../../model/appended';
import type { Command } from '../../../model/command';
import type { EventByKind, EventKind, HistoryEvent, WorkflowTaskCompleted } from '../../../model/event';
import type { Namespace, RunId } from '../../../model/ids';
import type {
  ActivationJob,
  AskedCommand,
  CommandTrace,
  WorkflowCommand,
  WorkflowCommandKind,
} from '../../../model/turn';
import { FLAG_MOVE_TERMINAL_COMMANDS } from '../flags';
import type { RunFlags } from '../flags';
import { CommandMatcher } from '../match';
import type { CommandEventKind } from '../match';
import { OutgoingCommands } from '../outgoing';
import type { CommandOwner, Outgoing } from '../outgoing';
import { ActivityMachine } from './activity';
import { CancelExternalMachine } from './cancel-external';
import { ChildMachine } from './child';
import {
  arrange,
  cancelWorkflow,
  completeWorkflow,
  continueAsNew,
  failWorkflow,
  isTerminal,
  modifyProperties,
  upsertSearchAttributes,
} from './completion';
import type { MachineHost } from './host';
import { Patches } from './patches';
import { Registry } from './registry';
import { SignalExternalMachine } from './signal-external';
import { TimerMachine } from './timer';

/** Never written to. */
const NO_JOBS: ActivationJob[] = [];

export class Machines implements MachineHost {
  // Each made when it is asked for: most runs have machines of one or two kinds.
  private timersMade: Registry<TimerMachine> | undefined;
  private activitiesMade: Registry<ActivityMachine> | undefined;
  private childrenMade: Registry<ChildMachine> | undefined;
  private externalSignalsMade: Registry<SignalExternalMachine> | undefined;
  private externalCancelsMade: Registry<CancelExternalMachine> | undefined;
  readonly patches = new Patches();
  private readonly outgoing = new OutgoingCommands();
  private readonly matcher = new CommandMatcher(this.outgoing);
  private jobs = NO_JOBS;
  /** Of the command that is being applied. */
  private trace: CommandTrace | undefined;

  /** Set by the owner before each task. */
  isReplaying = false;

  constructor(
    readonly namespace: Namespace,
    readonly runId: RunId,
    private readonly flags: RunFlags,
  ) {}

  get timers(): Registry<TimerMachine> {
    return (this.timersMade ??= new Registry('timer'));
  }
  get activities(): Registry<ActivityMachine> {
    return (this.activitiesMade ??= new Registry('activity'));
  }
  get children(): Registry<ChildMachine> {
    return (this.childrenMade ??= new Registry('child workflow'));
  }
  get externalSignals(): Registry<SignalExternalMachine> {
    return (this.externalSignalsMade ??= new Registry('external signal'));
  }
  get externalCancels(): Registry<CancelExternalMachine> {
    return (this.externalCancelsMade ??= new Registry('external cancel'));
  }

  /** What one activation asked for. May leave jobs for one more activation of the same task. */
  apply(commands: readonly AskedCommand[]): void {
    for (const asked of arrange(commands, this.flagHolds(FLAG_MOVE_TERMINAL_COMMANDS))) {
      this.trace = asked.trace;
      const command = asked.trace === undefined ? asked : withoutTrace(asked);
      const handle = commandHandlers[command.kind] as (machines: Machines, command: WorkflowCommand) => void;
      handle(this, command);
    }
    this.trace = undefined;
  }

  /** The commands of the task under way, as they are sent. Nothing follows a terminal one. */
  taskCommands(): readonly Command[] {
    return this.outgoing.commands(isTerminal);
  }

  /** Every command of the task before must have met its event. Throws NondeterminismError. */
  settle(completed: WorkflowTaskCompleted | undefined): void {
    this.matcher.settle(completed);
  }

  /** Throws NondeterminismError when the event does not fit what the code asked for. */
  on(event: HistoryEvent): void {
    const handle = eventHandlers[event.kind] as (machines: Machines, event: HistoryEvent) => void;
    handle(this, event);
  }

  matchCommand(event: EventByKind<CommandEventKind>): void {
    this.matcher.match(event);
  }

  takeJobs(): readonly ActivationJob[] {
    const { jobs } = this;
    this.jobs = NO_JOBS;
    return jobs;
  }

  get hasJobs(): boolean {
    return this.jobs.length > 0;
  }

  send(command: Command, owner?: CommandOwner, patchId?: string): Outgoing {
    return this.outgoing.push(command, owner, patchId, this.trace);
  }

  tell(job: ActivationJob): void {
    this.jobs = appended(this.jobs, job);
  }

  flagHolds(flag: number): boolean {
    return this.flags.holds(flag, this.isReplaying);
  }
}

function withoutTrace({ trace: _trace, ...command }: AskedCommand): WorkflowCommand {
  return command;
}

type CommandHandlers = {
  readonly [K in WorkflowCommandKind]: (
    machines: Machines,
    command: Extract<WorkflowCommand, { readonly kind: K }>,
  ) => void;
};

const commandHandlers: CommandHandlers = {
  startTimer: (machines, command) => void new TimerMachine(machines, machines.timers, command),
  cancelTimer: (machines, { seq }) => machines.timers.withSeq(seq)?.cancel(),
  scheduleActivity: (machines, command) => void new ActivityMachine(machines, machines.activities, command),
  requestCancelActivity: (machines, { seq }) => machines.activities.withSeq(seq)?.cancel(),
  startChild: (machines, command) =>
    void new ChildMachine(machines, machines.children, machines.externalCancels, command),
  cancelChild: (machines, { seq, reason }) => machines.children.withSeq(seq)?.cancel(reason ?? ''),
  signalExternal: (machines, command) =>
    void new SignalExternalMachine(machines, machines.externalSignals, command),
  cancelSignal: (machines, { seq }) => machines.externalSignals.withSeq(seq)?.cancel(),
  requestCancelExternal: (machines, command) =>
    CancelExternalMachine.ofExternal(machines, machines.externalCancels, command),
  setPatchMarker: (machines, command) => machines.patches.command(machines, command),
  upsertSearchAttributes,
  modifyProperties,
  completeWorkflow,
  failWorkflow,
  cancelWorkflow,
  continueAsNew,
};

type EventHandlers = {
  readonly [K in EventKind]: (machines: Machines, event: EventByKind<K>) => void;
};

const ignore = (): void => undefined;
const match = (machines: Machines, event: EventByKind<CommandEventKind>): void =>
  machines.matchCommand(event);
const activityOf = (
  machines: Machines,
  event: HistoryEvent & { readonly scheduledEventId: number },
): ActivityMachine => machines.activities.of(event.scheduledEventId, event);
const childOf = (
  machines: Machines,
  event: HistoryEvent & { readonly initiatedEventId: number },
): ChildMachine => machines.children.of(event.initiatedEventId, event);

/** Events about the run and its tasks are not for machines: see execution.ts. */
const eventHandlers: EventHandlers = {
  workflowExecutionStarted: ignore,
  workflowExecutionTimedOut: ignore,
  workflowExecutionTerminated: ignore,
  workflowExecutionSignaled: ignore,
  workflowExecutionCancelRequested: ignore,
  workflowTaskScheduled: ignore,
  workflowTaskStarted: ignore,
  workflowTaskCompleted: ignore,
  workflowTaskTimedOut: ignore,
  workflowTaskFailed: ignore,

  activityTaskScheduled: match,
  activityTaskCancelRequested: match,
  timerStarted: match,
  timerCanceled: match,
  startChildWorkflowExecutionInitiated: match,
  signalExternalWorkflowExecutionInitiated: match,
  requestCancelExternalWorkflowExecutionInitiated: match,
  markerRecorded: match,
  upsertWorkflowSearchAttributes: match,
  workflowPropertiesModified: match,
  workflowExecutionCompleted: match,
  workflowExecutionFailed: match,
  workflowExecutionCanceled: match,
  workflowExecutionContinuedAsNew: match,

  activityTaskStarted: (machines, event) => void activityOf(machines, event),
  activityTaskCompleted: (machines, event) => activityOf(machines, event).completed(event),
  activityTaskFailed: (machines, event) => activityOf(machines, event).failed(event),
  activityTaskTimedOut: (machines, event) => activityOf(machines, event).timedOut(event),
  activityTaskCanceled: (machines, event) => activityOf(machines, event).cancelled(event),

  timerFired: (machines, event) => machines.timers.of(event.startedEventId, event).fired(event),

  startChildWorkflowExecutionFailed: (machines, event) => childOf(machines, event).startFailed(event),
  childWorkflowExecutionStarted: (machines, event) => childOf(machines, event).started(event),
  childWorkflowExecutionCompleted: (machines, event) => childOf(machines, event).completed(event),
  childWorkflowExecutionFailed: (machines, event) => childOf(machines, event).failed(event),
  childWorkflowExecutionCanceled: (machines, event) => childOf(machines, event).cancelled(event),
  childWorkflowExecutionTimedOut: (machines, event) => childOf(machines, event).timedOut(event),
  childWorkflowExecutionTerminated: (machines, event) => childOf(machines, event).terminated(event),

  externalWorkflowExecutionSignaled: (machines, event) =>
    machines.externalSignals.of(event.initiatedEventId, event).delivered(),
  signalExternalWorkflowExecutionFailed: (machines, event) =>
    machines.externalSignals.of(event.initiatedEventId, event).failed(event),
  externalWorkflowExecutionCancelRequested: (machines, event) =>
    machines.externalCancels.of(event.initiatedEventId, event).delivered(),
  requestCancelExternalWorkflowExecutionFailed: (machines, event) =>
    machines.externalCancels.of(event.initiatedEventId, event).failed(event),
};
