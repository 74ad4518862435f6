// One execution's workflow code in memory: an activation in, a result out, in one synchronous call. Shard thread. Nothing but
// primitives crosses into the realm. Whatever user code does is a result; only our own bugs are thrown.
import type { Activation, ActivationResult } from '../../model/turn';
import { readResult, writeActivation } from '../../workflow/tape';
import type { EnginePort } from '../replay/engine-port';
import type { RealmContext } from './context';
import type { Execution } from './in-realm';
import { beginTurn, endTurn, unhandledRejection } from './thread-hooks';
import { failureOf, rejectionFailure } from './thrown';

export interface Instance extends EnginePort {
  /** Lets go of the execution. It must not be activated again. */
  dispose(): void;
}

export class RealmInstance implements Instance {
  #held: { readonly context: RealmContext; readonly execution: Execution } | undefined;

  constructor(context: RealmContext) {
    this.#held = { context, execution: inTurn(context, () => context.inRealm.instantiate()) };
  }

  activate(activation: Activation): ActivationResult {
    if (this.#held === undefined) throw new Error('a disposed instance was activated');
    const { context, execution } = this.#held;
    const { inRealm } = context;
    const { engine } = execution;
    writeActivation(engine.tape, activation);
    beginTurn(inRealm);
    inRealm.enter(execution);
    try {
      const thrown = stepToEnd(context, execution);
      const rejection = unhandledRejection();
      if (thrown !== undefined) return { kind: 'failed', failure: failureOf(thrown.value) };
      if (rejection !== undefined) return { kind: 'failed', failure: rejectionFailure(rejection) };
    } finally {
      inRealm.leave();
      endTurn();
    }
    return resultOn(engine.tape, context);
  }

  dispose(): void {
    this.#held = undefined;
  }
}

/** With a context of its own, code may have spoilt the very arrays that the engine writes with: that is its own failure. */
function resultOn(tape: Execution['engine']['tape'], { isolation }: RealmContext): ActivationResult {
  if (isolation === 'shared') return readResult(tape);
  try {
    return readResult(tape);
  } catch (error) {
    return { kind: 'failed', failure: failureOf(error) };
  }
}

/** Microtasks drain after each step, also after one that threw: none may wait for another execution's turn. */
function stepToEnd(context: RealmContext, { engine }: Execution): { readonly value: unknown } | undefined {
  try {
    while (engine.step()) context.drain();
    context.drain();
    return undefined;
  } catch (value) {
    context.drain();
    return { value };
  }
}

/** Runs code of the realm as a turn of nobody's. @throws what it throws, or a rejection that nobody handled. */
export function inTurn<R>(context: RealmContext, run: () => R): R {
  beginTurn(context.inRealm);
  try {
    const outcome = attempt(run);
    context.drain();
    const rejection = unhandledRejection();
    if ('thrown' in outcome) throw outcome.thrown;
    if (rejection !== undefined) throw rejection.reason;
    return outcome.result;
  } finally {
    context.inRealm.leave();
    endTurn();
  }
}

function attempt<R>(run: () => R): { readonly result: R } | { readonly thrown: unknown } {
  try {
    return { result: run() };
  } catch (thrown) {
    return { thrown };
  }
}
