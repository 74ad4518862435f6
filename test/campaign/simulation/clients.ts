// Clients of the simulated engine: they ask at random, and write down what they are answered.
import { RequestRefused, type GatewayReplies, type GatewayRequest } from '../../../src/model/gateway.ts';
import type { Random } from '../kill-9/random.ts';
import type { ClientLedger } from './client-ledger.ts';
import type { Seen } from './program.ts';
import { randomProgram } from './random-program.ts';
import { idOf, NAMESPACE, startRequest, type World } from './world.ts';

/** Beside the value of a signal: so heavy that it waits on the host while small ones go on. */
const HEAVY = JSON.stringify('x'.repeat(70_000));

type Answered<R extends GatewayRequest> = (reply: GatewayReplies[R['kind']]) => void;

export class Clients {
  acknowledged = 0;
  /** Questions to the life of this number that have no answer. */
  #pending = { life: -1, count: 0 };
  #next = 0;
  /** Workflows whose start was asked for. */
  readonly #asked = new Set<string>();
  readonly #programs: readonly string[];

  constructor(
    readonly world: World,
    readonly random: Random,
    readonly ledger: ClientLedger,
    readonly count: number,
  ) {
    const ids = Array.from({ length: count }, (_, index) => `w${index}`);
    this.#programs = ids.map((id) => JSON.stringify(randomProgram(random, id, [...ids, 'nobody'])));
  }

  /** Questions to the process that is alive: nobody answers for one that is gone. */
  get pending(): number {
    return this.#pending.life === this.world.life ? this.#pending.count : 0;
  }

  act(): void {
    const { random, count } = this;
    const choice = random.below(14);
    if (this.#next < count && choice < 5) return this.#start(this.#next++);
    if (this.#next === 0) return;
    const index = random.below(this.#next);
    if (choice < 8) return this.#signal(index);
    if (choice === 8) return this.#start(index);
    if (choice === 9 && random.below(4) === 0) return this.#terminate(index);
    if (choice === 10 && random.below(4) === 0) return this.#cancel(index);
    if (choice === 11) return this.#read(index);
    if (choice === 12 && random.below(4) === 0) return this.#awaitClose(index);
    this.#query(index);
  }

  /** Clients that had no answer ask again, with the request id they had. */
  repeatStarts(): void {
    for (let index = 0; index < this.#next; index += 1) this.#start(index);
  }

  #start(index: number): void {
    const id = `w${index}`;
    const isFirst = !this.#asked.has(id);
    this.#asked.add(id);
    this.#ask(startRequest(id, this.#programs[index] as string), ({ runId, isNew }) => {
      this.ledger.started(id, runId);
      // Not even a lost lane can have done it before: what is durable is answered.
      if (isFirst && !isNew) this.ledger.say('I2', `${id} was there before anybody had started it`);
    });
  }

  #signal(index: number): void {
    const value = String(this.ledger.signals.length);
    const signal: ClientLedger['signals'][number] = { workflowId: `w${index}`, value, outcome: 'unknown' };
    this.ledger.signals.push(signal);
    this.#ask(
      {
        kind: 'signal',
        to: this.#to(index),
        signalName: 'poke',
        input: this.random.below(20) === 0 ? [JSON.stringify(value), HEAVY] : [JSON.stringify(value)],
        header: {},
        requestId: `signal-${value}`,
        identity: 'client',
      },
      ({ runId }) => {
        signal.outcome = 'acknowledged';
        signal.runId = runId;
      },
      () => (signal.outcome = 'refused'),
    );
  }

  #terminate(index: number): void {
    const { terminates, terminated } = this.ledger;
    const reason = `terminate-${terminates.length}`;
    const terminate: ClientLedger['terminates'][number] = {
      workflowId: `w${index}`,
      reason,
      outcome: 'unknown',
    };
    terminates.push(terminate);
    this.#ask(
      { kind: 'terminate', to: this.#to(index), identity: 'client', reason },
      () => {
        terminate.outcome = 'acknowledged';
        terminated.add(terminate.workflowId);
      },
      () => (terminate.outcome = 'refused'),
    );
  }

  #cancel(index: number): void {
    this.#ask(
      { kind: 'cancel', to: this.#to(index), requestId: `cancel-${index}`, identity: 'client' },
      () => void this.ledger.cancelled.add(`w${index}`),
    );
  }

  #query(index: number): void {
    const { signals, terminates } = this.ledger;
    const workflowId = `w${index}`;
    const before = signals.filter(
      (signal) => signal.workflowId === workflowId && signal.outcome === 'acknowledged',
    );
    this.#ask(
      {
        kind: 'query',
        to: this.#to(index),
        queryType: 'seen',
        input: [],
        header: {},
        rejectCondition: 'NONE',
      },
      ({ result }) => {
        const { runId, received } = JSON.parse(result as string) as Seen;
        this.ledger.queried(runId, received);
        // What a terminated run had not taken in any more, it never will.
        if (terminates.some((terminate) => terminate.workflowId === workflowId)) return;
        for (const { value, runId: taken } of before) {
          if (taken === runId && !received.includes(value))
            this.ledger.say(
              'I15',
              `a query of ${workflowId} missed the signal ${value}, acknowledged before`,
            );
        }
      },
    );
  }

  #read(index: number): void {
    const runId = this.ledger.starts.get(`w${index}`);
    if (runId === undefined) return;
    this.#ask({ kind: 'fetchHistory', to: { ...this.#to(index), runId } }, ({ events }) =>
      this.ledger.read(runId, events, this.world.now),
    );
  }

  #awaitClose(index: number): void {
    this.#ask({ kind: 'awaitClose', to: this.#to(index) }, ({ execution, closeEvent }) =>
      this.ledger.closed(execution.runId, closeEvent),
    );
  }

  readonly #to = (index: number) => ({ namespace: NAMESPACE, workflowId: idOf(`w${index}`) });

  /** Refusals are answers too; a crash leaves the question open. */
  #ask<R extends GatewayRequest>(
    request: R,
    acked: Answered<R>,
    refused: () => void = () => undefined,
  ): void {
    const { life } = this.world;
    if (this.#pending.life !== life) this.#pending = { life, count: 0 };
    const pending = this.#pending;
    pending.count += 1;
    this.world.request(request).then(
      (reply) => {
        pending.count -= 1;
        this.acknowledged += 1;
        acked(reply);
      },
      (error: unknown) => {
        pending.count -= 1;
        if (!(error instanceof RequestRefused)) return;
        this.acknowledged += 1;
        refused();
      },
    );
  }
}
