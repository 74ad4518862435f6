// Does what a script says, through the public API, and brings back what became of it.
import { defineSearchAttributeKey, type SearchAttributeType } from 'troupe/common';
import { Client, type WorkflowHandle } from 'troupe/client';
import { Worker, type NativeConnection, type WorkerOptions } from 'troupe/worker';
import type { Recorded, Scenario } from '../../support/official-histories';
import { readScript, readValue, type StartOptions, type Step } from './script';

/** What every scenario of a mode shares. */
export interface Stage {
  readonly connection: NativeConnection;
  readonly right: Pick<WorkerOptions, 'workflowBundle'>;
  readonly faulty: Pick<WorkerOptions, 'workflowBundle'>;
  readonly activities: Readonly<Record<string, (...args: unknown[]) => Promise<unknown>>>;
}

export interface HistoryOfRun {
  readonly events: readonly { readonly eventType: string; readonly [name: string]: unknown }[];
}

/** On a slow machine a short timer of the workflow may fire before its worker is stopped: then it is not what the recording shows. */
class TooLate extends Error {}

const ATTEMPTS_MAX = 20;
const DEADLINE_MS = 15_000;
const LOOK_EVERY_MS = 5;

export class Driver {
  readonly #client: Client;
  #main: WorkflowHandle | undefined;
  #worker: { readonly worker: Worker; readonly running: Promise<void> } | undefined;
  #runningActivities = 0;
  /** The script's last step, if it waited for an event of this type. */
  #awaited: string | undefined;

  constructor(
    private readonly stage: Stage,
    private readonly scenario: Scenario,
  ) {
    this.#client = new Client({ connection: stage.connection, identity: 'fixture-client' });
  }

  /** @returns the histories, by the files of the recordings that they stand beside. */
  async run(): Promise<ReadonlyMap<string, HistoryOfRun>> {
    try {
      for (let attempt = 1; !(await this.#followScript()); attempt += 1) {
        if (attempt === ATTEMPTS_MAX) throw new TooLate(`${this.scenario.name}: ${attempt} times`);
        await this.#client.workflow.getHandle(this.scenario.name).terminate('too late');
      }
      await this.#end();
      return await this.#histories();
    } finally {
      await this.#stopWorker();
    }
  }

  /** False: it came too late. */
  async #followScript(): Promise<boolean> {
    try {
      for (const step of readScript(this.scenario.script)) {
        await this.#perform(step);
        this.#awaited = step.kind === 'waitForEvents' ? step.type : undefined;
      }
      return true;
    } catch (error) {
      if (error instanceof TooLate) return false;
      throw error;
    }
  }

  async #perform(step: Step): Promise<unknown> {
    const { workflow } = this.#client;
    const { name } = this.scenario;
    switch (step.kind) {
      case 'start': {
        const workflowId = step.workflowId ?? name;
        const handle = await workflow.start(step.workflow ?? this.scenario.workflow, {
          workflowId,
          taskQueue: name,
          args: (step.args ?? this.scenario.args).map(readValue),
          ...startOptions(step.options),
        });
        if (step.workflow === undefined) this.#main = handle;
        return;
      }
      case 'signalWithStart': {
        const handle = await workflow.signalWithStart(this.scenario.workflow, {
          workflowId: name,
          taskQueue: name,
          args: this.scenario.args.map(readValue),
          signal: step.name,
          signalArgs: [...step.args],
        });
        this.#main ??= handle;
        return;
      }
      case 'signal':
        return workflow.getHandle(name).signal<unknown[]>(step.name, ...step.args);
      case 'cancel':
        return workflow.getHandle(step.workflowId ?? name).cancel();
      case 'terminate':
        // What is left behind is ended when all else is over.
        if (step.reason === 'tidy up') await this.#end();
        return workflow.getHandle(step.workflowId ?? name).terminate(step.reason);
      case 'waitForEvents':
        return this.#eventually(`${step.count} x ${step.type}`, async () => {
          const history = await this.#historyIfAny(step.workflowId ?? name);
          const events = history?.events.filter(({ eventType }) => typeName(eventType) === step.type);
          return events !== undefined && events.length >= step.count;
        });
      case 'waitForActivities':
        return this.#eventually('activities run', () => this.#runningActivities >= step.count);
      case 'wait':
        return pause(step.ms);
      case 'startWorker':
        return this.#startWorker(step.code);
      case 'stopWorker':
        await this.#stopWorker();
        return this.#assertInTime();
      case 'completeActivity': {
        const { value } = this.scenario.result as { readonly value: unknown };
        return this.#client.activity.complete({ workflowId: name, activityId: step.activityId }, value);
      }
      case 'failActivity':
        return this.#client.activity.fail(
          { workflowId: name, activityId: step.activityId },
          new Error(step.message),
        );
    }
  }

  async #startWorker(code: 'right' | 'faulty'): Promise<void> {
    const worker = await Worker.create({
      connection: this.stage.connection,
      taskQueue: this.scenario.name,
      identity: 'fixture-worker',
      activities: this.#countedActivities(),
      ...this.stage[code],
    });
    const running = worker.run();
    running.catch(() => undefined);
    this.#worker = { worker, running };
  }

  async #stopWorker(): Promise<void> {
    const current = this.#worker;
    this.#worker = undefined;
    current?.worker.shutdown();
    await current?.running;
  }

  /** @throws {TooLate} a timer was to be set when the worker stopped, and code has run since. */
  async #assertInTime(): Promise<void> {
    if (this.#awaited !== 'TimerStarted') return;
    const types = (await this.#historyIfAny(this.scenario.name))?.events.map((event) =>
      typeName(event.eventType),
    );
    if (types?.slice(types.lastIndexOf('TimerStarted')).includes('WorkflowTaskStarted') !== false)
      throw new TooLate();
  }

  #countedActivities(): Stage['activities'] {
    return Object.fromEntries(
      Object.entries(this.stage.activities).map(([name, run]) => [
        name,
        (...args: unknown[]) => {
          this.#runningActivities += 1;
          return run(...args);
        },
      ]),
    );
  }

  /** Of the whole chain of runs. */
  async #end(): Promise<void> {
    try {
      await this.#mainHandle.result();
    } catch (error) {
      if ((error as Error).name !== 'WorkflowFailedError') throw error;
    }
  }

  get #mainHandle(): WorkflowHandle {
    if (this.#main === undefined) throw new Error('the script starts nothing');
    return this.#main;
  }

  async #histories(): Promise<Map<string, HistoryOfRun>> {
    const histories = new Map<string, HistoryOfRun>();
    const { name, file, also = [] } = this.scenario;
    const first = (this.#mainHandle as { readonly firstExecutionRunId?: string }).firstExecutionRunId;
    const main = await this.#closedHistory(name, first);
    histories.set(file, main);
    const newest = new Map([[name, main]]);
    const children = childrenOf(main);
    for (const recorded of also) {
      const history = await this.#historyOf(recorded, newest, children);
      newest.set(recorded.workflowId, history);
      histories.set(recorded.file, history);
    }
    return histories;
  }

  async #historyOf(
    { role, workflowId }: Recorded,
    newest: ReadonlyMap<string, HistoryOfRun>,
    children: readonly Child[],
  ): Promise<HistoryOfRun> {
    if (role === 'next run') return this.#closedHistory(workflowId, nextRunOf(newest.get(workflowId)));
    // A default id is another one in every run.
    const child = children.find((each) => each.workflowId === workflowId) ?? children[0];
    return role === 'child' && child !== undefined
      ? this.#closedHistory(child.workflowId, child.runId)
      : this.#closedHistory(workflowId, undefined);
  }

  async #closedHistory(workflowId: string, runId: string | undefined): Promise<HistoryOfRun> {
    let history: HistoryOfRun | undefined;
    await this.#eventually(`${workflowId} is closed`, async () => {
      history = await this.#historyIfAny(workflowId, runId);
      return history !== undefined && CLOSE.test(history.events.at(-1)?.eventType ?? '');
    });
    return history!;
  }

  async #historyIfAny(workflowId: string, runId?: string): Promise<HistoryOfRun | undefined> {
    try {
      return (await this.#client.workflow
        .getHandle(workflowId, runId)
        .fetchHistory()) as unknown as HistoryOfRun;
    } catch (error) {
      if ((error as Error).name === 'WorkflowNotFoundError') return undefined;
      throw error;
    }
  }

  async #eventually(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
    const deadline = Date.now() + DEADLINE_MS;
    while (!(await holds())) {
      if (Date.now() > deadline) throw new Error(`${this.scenario.name}: never: ${what}`);
      await pause(LOOK_EVERY_MS);
    }
  }
}

const CLOSE =
  /^EVENT_TYPE_WORKFLOW_EXECUTION_(COMPLETED|FAILED|TIMED_OUT|CANCELED|TERMINATED|CONTINUED_AS_NEW)$/;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** `TimerStarted` of `EVENT_TYPE_TIMER_STARTED` */
export const typeName = (eventType: string): string =>
  eventType
    .replace('EVENT_TYPE_', '')
    .toLowerCase()
    .replaceAll(/(?:^|_)([a-z])/g, (_match, letter: string) => letter.toUpperCase());

interface Child {
  readonly workflowId: string;
  readonly runId: string;
}

const childrenOf = ({ events }: HistoryOfRun): readonly Child[] =>
  events.flatMap((event) => {
    const started = event['childWorkflowExecutionStartedEventAttributes'] as
      { readonly workflowExecution: Child } | undefined;
    return started === undefined ? [] : [started.workflowExecution];
  });

/** A run that was retried or continued as new says which run came of it. */
function nextRunOf(history: HistoryOfRun | undefined): string | undefined {
  for (const value of Object.values(history?.events.at(-1) ?? {})) {
    const { newExecutionRunId } = value as { readonly newExecutionRunId?: string };
    if (newExecutionRunId !== undefined) return newExecutionRunId;
  }
  return undefined;
}

function startOptions({ typedSearchAttributes, ...options }: StartOptions): object {
  if (typedSearchAttributes === undefined) return options;
  const list = typedSearchAttributes as readonly (readonly [string, SearchAttributeType, unknown])[];
  return {
    ...options,
    typedSearchAttributes: list.map(([name, type, value]) => ({
      key: defineSearchAttributeKey(name, type),
      value,
    })),
  };
}
