// Questions to one workflow: who answers them, and what is said when nobody can. Shard thread. A query changes nothing and is not
// decided; it waits in the mailbox until there is code that has read the history.
import { isStackTraceQuery } from '../common/reserved';
import type { QueryMessage } from '../model/message';
import type { Reply, Refusal } from '../model/reply';
import type { QueryAnswer } from '../model/turn';
import type { DecideContext, WorkflowRuns } from './history/decision';
import { queryTarget } from './history/query-target';
import type { RunState } from './history/run-state';
import { LiveRun, type ReadyCode } from './live-run';
import type { Mailbox, QueryMail } from './mailbox';
import { answerStacks } from './stack-trace';
import { brokenCode, type Turns, type TurnsLane } from './turns';
import type { WorkflowRows } from './workflow-rows';

export interface QueriesActor {
  context(): DecideContext;
  waitForWorker(run: RunState): void;
  answer(waiter: number, reply: Reply): void;
}

export interface QueriesLane extends Pick<TurnsLane, 'worker'> {
  consumed(seq: number): void;
}

export interface QueriedWorkflow {
  readonly lane: QueriesLane;
  readonly actor: QueriesActor;
  readonly runs: WorkflowRuns;
  readonly rows: WorkflowRows;
  readonly turns: Turns;
}

/** Those that can be answered now; the others wait on. */
export function answerQueries(workflow: QueriedWorkflow, mailbox: Mailbox): void {
  const { lane, actor } = workflow;
  for (const mail of mailbox.takeQueries()) {
    const { message, seq } = mail;
    const reply = replyTo(workflow, mail);
    if (reply === 'not yet' && message.expiresAt > actor.context().now) {
      mailbox.holdQuery({ ...mail, since: 'waits' });
      continue;
    }
    if (reply !== 'not yet') actor.answer(message.waiter, reply);
    lane.consumed(seq);
  }
}

function replyTo(workflow: QueriedWorkflow, mail: QueryMail): Reply | 'not yet' {
  const { lane, actor, runs, rows, turns } = workflow;
  const { message } = mail;
  const damage = rows.damageOf(message.to.runId);
  if (damage !== undefined) return refused({ kind: 'failedPrecondition', message: damage });
  const target = queryTarget(runs, mail, actor.context().bundleHash);
  if ('refusal' in target) return refused(target.refusal);
  const run = 'run' in target ? target.run : target.awaitsTask;
  const worker = lane.worker(run.namespace, run.started.taskQueue);
  if (worker === undefined) {
    actor.waitForWorker(run);
    return 'not yet';
  }
  if (worker.code.kind === 'broken') return queryFailed(brokenCode(worker.code.message));
  if ('awaitsTask' in target) return 'not yet';
  if (isStackTraceQuery(message.queryType)) return replyWithStacks(workflow, message, run, worker.code);
  const code = run === runs.current ? turns.codeOfCurrent(run, worker) : turns.codeFor(run, worker);
  if (code === 'rows are wanted') return 'not yet';
  if (!(code instanceof LiveRun)) return queryFailed(code.failure);
  const { outcome } = code.query(message);
  if (code !== turns.live) code.dispose();
  return replyOf(outcome);
}

function replyWithStacks(
  { rows, turns }: QueriedWorkflow,
  message: QueryMessage,
  run: RunState,
  code: ReadyCode,
): Reply | 'not yet' {
  const history = rows.historyOf(run);
  if (history === undefined) return 'not yet';
  return replyOf(answerStacks(message, turns.replayOf(run, code, history)));
}

function replyOf(outcome: QueryAnswer['outcome']): Reply {
  if (outcome.kind === 'succeeded') return { kind: 'queryAnswered', result: outcome.result };
  const { failure, notRegistered } = outcome;
  return refused({ kind: 'queryFailed', failure, notRegistered });
}

const refused = (refusal: Refusal): Reply => ({ kind: 'refused', refusal });

const queryFailed = (failure: Extract<Refusal, { kind: 'queryFailed' }>['failure']): Reply =>
  refused({ kind: 'queryFailed', failure, notRegistered: false });
