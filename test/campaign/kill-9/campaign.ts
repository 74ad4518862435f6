// The campaign: work, kill, check, again; at the end everything must finish with the sums that the ledger says.
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Fault } from '../report.ts';
import { addedValues, faultsOf, isClosed, isFinishing, type History } from './check-history.ts';
import { Ledger, type Entry } from './ledger.ts';
import { createRandom, type Random } from './random.ts';
import { Unanswered, Victim } from './victim-process.ts';

export interface CampaignOptions {
  readonly seed: number;
  /** Kills that count: with operations in flight. */
  readonly kills: number;
  readonly threads: number;
  /** Operations in flight at once. */
  readonly loops: number;
}

export interface CampaignResult {
  readonly kills: number;
  readonly idleKills: number;
  readonly acknowledged: number;
  readonly unknown: number;
  readonly workflows: number;
  readonly attempts: number;
  readonly repeatedAttempts: number;
  /** Empty: nothing was lost, nothing twice. */
  readonly faults: readonly Fault[];
}

interface Workflow {
  readonly id: string;
  readonly start: Entry;
  readonly adds: Entry[];
  finish: Entry | undefined;
  result: { readonly sum: number; readonly count: number } | undefined;
  seen: History | undefined;
}

/** A life of the victim lasts so long after it is ready, at most. */
const LIFE_MAX_MS = 250;
/** New workflows are begun only while fewer than this are open. */
const OPEN_MAX = 30;
/** One signal in so many carries this beside its number: it waits on the host while small ones go on. */
const HEAVY_EVERY = 20;
const HEAVY = 'x'.repeat(70_000);

export async function killCampaign(options: CampaignOptions): Promise<CampaignResult> {
  const folder = mkdtempSync(join(tmpdir(), 'troupe-kill-9-'));
  try {
    return await new Campaign(folder, options).run();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

class Campaign {
  readonly #random: Random;
  readonly #ledger: Ledger;
  readonly #workflows: Workflow[] = [];
  readonly #faults: Fault[] = [];
  readonly #executions: string;
  #nextValue = 1;
  #kills = 0;
  #idleKills = 0;

  constructor(
    readonly folder: string,
    readonly options: CampaignOptions,
  ) {
    this.#random = createRandom(options.seed);
    this.#ledger = new Ledger(join(folder, 'ledger.jsonl'));
    this.#executions = join(folder, 'executions.txt');
    appendFileSync(this.#executions, '');
  }

  async run(): Promise<CampaignResult> {
    while (this.#kills < this.options.kills && this.#faults.length === 0) {
      const victim = this.#spawn();
      // Some die while they start or recover.
      const diesEarly = this.#random.below(6) === 0;
      if (diesEarly) {
        await pause(this.#random.below(400));
        await victim.kill();
        this.#idleKills += 1;
        continue;
      }
      await this.#isReady(victim);
      await this.#check(victim, 8);
      const work = this.#work(victim);
      await pause(10 + this.#random.below(LIFE_MAX_MS));
      if (victim.hasEnded) this.#fault('live', `it ended by itself:\n${victim.output}`);
      if (victim.inFlight > 0) this.#kills += 1;
      else this.#idleKills += 1;
      await victim.kill();
      await work;
    }
    await this.#finishAll();
    return this.#result();
  }

  #spawn(): Victim {
    return new Victim(join(this.folder, 'store'), {
      TROUPE_EXECUTIONS: this.#executions,
      TROUPE_THREADS: String(this.options.threads),
    });
  }

  async #isReady(victim: Victim): Promise<void> {
    try {
      await victim.ready();
    } catch (error) {
      throw new Error(`the victim did not start: ${String(error)}\n${victim.output}`);
    }
  }

  /** Keeps operations in flight until the victim is gone. */
  async #work(victim: Victim): Promise<void> {
    const loop = async (): Promise<void> => {
      for (;;) {
        try {
          await this.#step(victim);
        } catch (error) {
          if (error instanceof Unanswered) return;
          this.#fault('live', `an operation was refused: ${String(error)}`);
          return;
        }
      }
    };
    await Promise.all(Array.from({ length: this.options.loops }, loop));
  }

  async #step(victim: Victim): Promise<void> {
    const open = this.#workflows.filter(({ start, finish }) => start.acked && finish === undefined);
    const choice = this.#random.below(10);
    if (open.length === 0 || (choice < 3 && open.length < OPEN_MAX)) return this.#start(victim);
    const workflow = this.#random.pick(open);
    if (choice < 8) return this.#add(victim, workflow);
    if (choice < 9) return void (await victim.ask({ kind: 'query', workflowId: workflow.id }));
    return this.#finish(victim, workflow);
  }

  async #start(victim: Victim): Promise<void> {
    const id = `w${this.#workflows.length}`;
    const requestId = `start-${id}`;
    const start = this.#ledger.invoked({ workflowId: id, kind: 'start', requestId });
    this.#workflows.push({ id, start, adds: [], finish: undefined, result: undefined, seen: undefined });
    await this.#askStart(victim, id, requestId);
    this.#ledger.acked(start);
  }

  #askStart(victim: Victim, workflowId: string, requestId: string): Promise<unknown> {
    return victim.ask({ kind: 'start', workflowType: 'ledger', workflowId, args: [], requestId });
  }

  async #add(victim: Victim, workflow: Workflow): Promise<void> {
    const value = this.#nextValue++;
    const requestId = `add-${value}`;
    const entry = this.#ledger.invoked({ workflowId: workflow.id, kind: 'add', requestId, value });
    workflow.adds.push(entry);
    await this.#askAdd(victim, entry);
    this.#ledger.acked(entry);
  }

  #askAdd(victim: Victim, { workflowId, requestId, value }: Entry): Promise<unknown> {
    const isHeavy = value !== undefined && value % HEAVY_EVERY === 0;
    return victim.ask({
      kind: 'signal',
      workflowId,
      name: 'add',
      args: isHeavy ? [value, HEAVY] : [value],
      requestId,
    });
  }

  async #finish(victim: Victim, workflow: Workflow): Promise<void> {
    const requestId = `finish-${workflow.id}`;
    const entry = this.#ledger.invoked({ workflowId: workflow.id, kind: 'finish', requestId });
    workflow.finish = entry;
    await this.#askFinish(victim, entry);
    this.#ledger.acked(entry);
    workflow.result = await victim.ask({ kind: 'result', workflowId: workflow.id });
  }

  #askFinish(victim: Victim, { workflowId, requestId }: Entry): Promise<unknown> {
    return victim.ask({ kind: 'signal', workflowId, name: 'finish', args: [], requestId });
  }

  /** A few workflows, the youngest and some of the old, against the ledger. */
  async #check(victim: Victim, count: number): Promise<void> {
    const chosen = new Set(this.#workflows.slice(-count / 2));
    for (let index = 0; index < count / 2 && this.#workflows.length > 0; index += 1) {
      chosen.add(this.#random.pick(this.#workflows));
    }
    await Promise.all([...chosen].map((workflow) => this.#checkOne(victim, workflow)));
  }

  async #checkOne(victim: Victim, workflow: Workflow): Promise<void> {
    let history: History;
    try {
      history = await victim.ask<History>({ kind: 'history', workflowId: workflow.id });
    } catch (error) {
      if (error instanceof Unanswered) throw error;
      if (workflow.start.acked)
        this.#fault('I1', `${workflow.id}: an acknowledged start is gone: ${String(error)}`);
      return;
    }
    this.#faults.push(...faultsOf(workflow.id, history, workflow.seen));
    workflow.seen = history;
    const added = addedValues(history);
    if (new Set(added).size !== added.length) this.#fault('I12', `${workflow.id}: a signal is there twice`);
    for (const { acked, value } of workflow.adds) {
      if (acked && !added.includes(value as number))
        this.#fault('I1', `${workflow.id}: acknowledged signal ${value} is gone`);
    }
    if (workflow.finish?.acked === true && !isFinishing(history)) {
      this.#fault('I1', `${workflow.id}: an acknowledged signal 'finish' is gone`);
    }
    if (workflow.result !== undefined && !isClosed(history)) {
      this.#fault('I22', `${workflow.id}: it had a result and is open again`);
    }
  }

  /** Everything that has no answer is asked again with its request id; then all must end with the sums of what they were told. */
  async #finishAll(): Promise<void> {
    const victim = this.#spawn();
    await this.#isReady(victim);
    for (const workflow of this.#workflows) {
      if (!workflow.start.acked) await this.#askStart(victim, workflow.id, workflow.start.requestId);
      for (const entry of workflow.adds) {
        // Repeats of what came through before the kill must change nothing; a closed workflow has taken it already.
        if (!entry.acked && workflow.finish === undefined) await this.#askAdd(victim, entry);
      }
      await victim
        .ask({
          kind: 'signal',
          workflowId: workflow.id,
          name: 'finish',
          args: [],
          requestId: `finish-${workflow.id}`,
        })
        .catch((error: unknown) => {
          if (!String(error).includes('already completed')) throw error;
        });
    }
    await Promise.all(this.#workflows.map((workflow) => this.#checkResult(victim, workflow)));
    await Promise.all(this.#workflows.map((workflow) => this.#checkOne(victim, workflow)));
    await victim.close();
  }

  async #checkResult(victim: Victim, workflow: Workflow): Promise<void> {
    const result = await victim.ask<{ sum: number; count: number }>({
      kind: 'result',
      workflowId: workflow.id,
    });
    const history = await victim.ask<History>({ kind: 'history', workflowId: workflow.id });
    const values = addedValues(history);
    const sum = values.reduce((a, b) => a + b, 0);
    // A signal that came behind 'finish' may be left over.
    if (result.sum > sum || result.count > values.length) {
      this.#fault(
        'I12',
        `${workflow.id}: the result ${JSON.stringify(result)} is more than it was told (${sum})`,
      );
    }
    if (workflow.result !== undefined && workflow.result.sum !== result.sum) {
      this.#fault('I22', `${workflow.id}: its result was ${workflow.result.sum} and is ${result.sum}`);
    }
  }

  #fault(invariant: string, what: string): void {
    this.#faults.push({ invariant, what });
  }

  #result(): CampaignResult {
    const { entries } = this.#ledger;
    this.#ledger.close();
    const lines = existsSync(this.#executions)
      ? readFileSync(this.#executions, 'utf8').split('\n').filter(Boolean)
      : [];
    const steps = new Set(lines.map((line) => line.split(' ').slice(0, 2).join(' ')));
    return {
      kills: this.#kills,
      idleKills: this.#idleKills,
      acknowledged: entries.filter(({ acked }) => acked).length,
      unknown: entries.filter(({ acked }) => !acked).length,
      workflows: this.#workflows.length,
      attempts: lines.length,
      repeatedAttempts: lines.length - steps.size,
      faults: this.#faults,
    };
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
