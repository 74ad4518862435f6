// Questions to one workflow: who answers them, and what is said when nobody can. Shard thread. A query changes nothing and is not
// decided; it waits in the mailbox until there is code that has read the history.
import { isStackTraceQuery } from '../common/reserved';
import type { QueryMessage } from '../model/message';
import type { Reply, Refusal } from '../model/reply';
import type { QueryAnswer } from '../model/turn';
import type { Handle } from '../wire/traffic';
import type { ServingWorker } from './code';
import type { DecideContext, WorkflowRuns } from './history/decision';
import { queryTarget } from './history/query-target';
import type { RunState } from './history/run-state';
import { LiveRun, replayOf, type ReadyCode } from './live-run';
import type { Mailbox, QueryMail } from './mailbox';
import { answerStacks } from './stack-trace';
import { brokenCode, type CodeOfRun, type Turns, type TurnsLane } from './turns';
import type { WorkflowRows } from './workflow-rows';

export interface QueriesActor {
  readonly handle: Handle;
  context(): DecideContext;
  waitForWorker(run: RunState): void;
  answer(waiter: number, reply: Reply): void;
}

export interface QueriesLane extends Pick<TurnsLane, 'worker' | 'beforeActivation'> {
  consumed(seq: number): void;
}

export class Queries {
  readonly #lane: QueriesLane;
  readonly #actor: QueriesActor;
  readonly #runs: WorkflowRuns;
  readonly #rows: WorkflowRows;
  readonly #turns: Turns;

  constructor(
    lane: QueriesLane,
    actor: QueriesActor,
    {
      runs,
      rows,
      turns,
    }: { readonly runs: WorkflowRuns; readonly rows: WorkflowRows; readonly turns: Turns },
  ) {
    this.#lane = lane;
    this.#actor = actor;
    this.#runs = runs;
    this.#rows = rows;
    this.#turns = turns;
  }

  /** Answers those that can be answered now. */
  answerAll(mailbox: Mailbox): void {
    for (const mail of mailbox.takeQueries()) {
      const reply = this.#reply(mail);
      if (reply === 'not yet' && mail.message.expiresAt <= this.#actor.context().now) {
        this.#lane.consumed(mail.seq);
      } else if (reply === 'not yet') {
        mailbox.holdQuery({ ...mail, since: 'waits' });
      } else {
        this.#actor.answer(mail.message.waiter, reply);
        this.#lane.consumed(mail.seq);
      }
    }
  }

  #reply(mail: QueryMail): Reply | 'not yet' {
    const { message } = mail;
    const damage = this.#rows.damageOf(message.to.runId);
    if (damage !== undefined) return refused({ kind: 'failedPrecondition', message: damage });
    const target = queryTarget(this.#runs, mail, this.#actor.context().bundleHash);
    if ('refusal' in target) return refused(target.refusal);
    const run = 'run' in target ? target.run : target.awaitsTask;
    const worker = this.#lane.worker(run.namespace, run.started.taskQueue);
    if (worker === undefined) {
      this.#actor.waitForWorker(run);
      return 'not yet';
    }
    if (worker.code.kind === 'broken') return queryFailed(brokenCode(worker.code.message));
    if ('awaitsTask' in target) return 'not yet';
    if (isStackTraceQuery(message.queryType)) return this.#replyWithStacks(message, run, worker.code);
    const code = this.#codeOf(run, worker);
    if (code === 'rows are wanted') return 'not yet';
    if (!(code instanceof LiveRun)) return queryFailed(code.failure);
    const { outcome } = code.query(message);
    if (code !== this.#turns.live) code.dispose();
    return replyOf(outcome);
  }

  #replyWithStacks(message: QueryMessage, run: RunState, code: ReadyCode): Reply | 'not yet' {
    const history = this.#rows.historyOf(run);
    if (history === undefined) return 'not yet';
    const replay = replayOf(run, code, () => this.#lane.beforeActivation(this.#actor.handle));
    return replyOf(answerStacks(message, { ...replay, history }));
  }

  #codeOf(run: RunState, worker: ServingWorker): CodeOfRun {
    const isCurrent = run === this.#runs.current;
    return isCurrent ? this.#turns.codeOfCurrent(run, worker) : this.#turns.codeFor(run, worker);
  }
}

function replyOf(outcome: QueryAnswer['outcome']): Reply {
  if (outcome.kind === 'succeeded') return { kind: 'queryAnswered', result: outcome.result };
  const { failure, notRegistered } = outcome;
  return refused({ kind: 'queryFailed', failure, notRegistered });
}

const refused = (refusal: Refusal): Reply => ({ kind: 'refused', refusal });

const queryFailed = (failure: Extract<Refusal, { kind: 'queryFailed' }>['failure']): Reply =>
  refused({ kind: 'queryFailed', failure, notRegistered: false });
