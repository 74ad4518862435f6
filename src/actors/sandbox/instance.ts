// One execution's workflow code in memory: an activation in, a result out, in one synchronous call. Shard thread. Nothing but
// primitives crosses into the realm. Whatever user code does is a result; only our own bugs are thrown.
import type { Activation, ActivationResult } from '../../model/turn';
import { clearTape, readResult, writeActivation } from '../../workflow/tape';
import type { EnginePort } from '../replay/engine-port';
import type { RealmContext } from './context';
import type { Execution } from './in-realm';
import { beginTurn, endTurn, unhandledRejection } from './thread-hooks';
import { failureOf, rejectionFailure } from './thrown';

export interface Instance extends EnginePort {
  /** Lets go of the execution. It must not be activated again. */
  dispose(): void;
}

/** Slow: for one replay that is looked into. */
export interface TracedInstance extends Instance {
  /** Stacks, in the bundle's lines, of what its code waits for now; a blank line between two. */
  waiting(): string;
}

export class RealmInstance implements TracedInstance {
  /** Absent when it was disposed of. */
  #context: RealmContext | undefined;
  #execution: Execution | undefined;
  #failed: { readonly thrown: unknown } | undefined;

  /** Interceptors and converters run here: what they throw is told by the first activation. */
  constructor(context: RealmContext, purpose: 'to run' | 'to look into' = 'to run') {
    const { inRealm } = context;
    const make = () => (purpose === 'to run' ? inRealm.instantiate() : inRealm.instantiateTraced());
    this.#context = context;
    const made = attempt(() => inTurn(context, make));
    if ('thrown' in made) this.#failed = made;
    else this.#execution = made.result;
  }

  activate(activation: Activation): ActivationResult {
    if (this.#failed !== undefined) return { kind: 'failed', failure: failureOf(this.#failed.thrown) };
    const context = this.#context;
    const execution = this.#execution;
    if (context === undefined || execution === undefined)
      throw new Error('a disposed instance was activated');
    const { inRealm } = context;
    const { engine, tracer } = execution;
    writeActivation(engine.tape, activation);
    if (tracer === undefined) beginTurn(inRealm);
    else beginTurn({ promiseHooks: tracer.promiseHooks, owns: (object) => inRealm.owns(object) });
    inRealm.enter(execution);
    try {
      const ended = attempt(() => stepToEnd(context, execution));
      const rejection = unhandledRejection();
      if ('thrown' in ended) return { kind: 'failed', failure: failureOf(ended.thrown) };
      if (rejection !== undefined) return { kind: 'failed', failure: rejectionFailure(rejection) };
    } finally {
      inRealm.leave();
      endTurn();
    }
    return takeResult(engine.tape, context);
  }

  waiting(): string {
    return this.#execution?.tracer?.waiting() ?? '';
  }

  dispose(): void {
    this.#context = undefined;
    this.#execution = undefined;
    this.#failed = undefined;
  }
}

function takeResult(tape: Execution['engine']['tape'], { isolation }: RealmContext): ActivationResult {
  try {
    return readResult(tape);
  } catch (error) {
    // With a context of its own, code may have spoilt the very arrays that the engine writes with: that is its own failure.
    if (isolation === 'shared') throw error;
    return { kind: 'failed', failure: failureOf(error) };
  } finally {
    clearTape(tape);
  }
}

/** No microtask may wait for another execution's turn, also when a step throws. */
function stepToEnd(context: RealmContext, { engine }: Execution): void {
  let hasEnded = false;
  try {
    while (!hasEnded) {
      hasEnded = !engine.step();
      if (!hasEnded) context.drain();
    }
  } finally {
    if (!hasEnded) context.drain();
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

type Attempt<R> = { readonly result: R } | { readonly thrown: unknown };

function attempt<R>(run: () => R): Attempt<R> {
  try {
    return { result: run() };
  } catch (thrown) {
    return { thrown };
  }
}
