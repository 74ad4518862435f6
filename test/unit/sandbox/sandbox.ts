// Realms over small workflow files and the fake engine, and executions in them.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach } from 'vitest';
import { createRealm, type Instance, type Realm } from '../../../src/actors/sandbox/index.ts';
import {
  bundleWorkflows,
  type BundleWorkflowsOptions,
  type WorkflowBundle,
} from '../../../src/bundle/bundle-workflows.ts';
import type { Failure } from '../../../src/model/failure.ts';
import type { ActivationJob, ActivationResult } from '../../../src/model/turn.ts';
import { writeFiles } from '../bundle/files.ts';

export const FAKE_ENGINE = fileURLToPath(new URL('./fixtures/fake-engine.ts', import.meta.url));

type Files = Readonly<Record<string, string>>;

/** `workflows.ts` is the entry; a string is its text. */
export async function bundle(
  files: Files | string,
  options: Partial<BundleWorkflowsOptions> = {},
): Promise<WorkflowBundle> {
  const folder = writeFiles(typeof files === 'string' ? { 'workflows.ts': files } : files);
  return bundleWorkflows(
    { workflowsPath: path.join(folder, 'workflows'), ...options },
    { engine: FAKE_ENGINE },
  );
}

const open: Realm[] = [];
afterEach(() => {
  for (const realm of open.splice(0)) realm.dispose();
});

export interface TestRealm {
  readonly realm: Realm;
  /** The lines about `isolation: 'context'`. */
  readonly lines: readonly string[];
  readonly start: () => Execution;
  /** A new execution's first turn. */
  readonly run: (workflowType: string, ...args: unknown[]) => unknown;
  readonly fail: (workflowType: string, ...args: unknown[]) => Failure;
}

export async function realmOf(
  files: Files | string,
  options: Partial<BundleWorkflowsOptions> = {},
): Promise<TestRealm> {
  return realmFrom(await bundle(files, options));
}

export function realmFrom(code: WorkflowBundle): TestRealm {
  const lines: string[] = [];
  const realm = createRealm(code, { onFallback: (line) => lines.push(line) });
  open.push(realm);
  const start = (): Execution => new Execution(realm.instantiate());
  return {
    realm,
    lines,
    start,
    run: (workflowType, ...args) => start().run(workflowType, ...args),
    fail: (workflowType, ...args) => start().fail(workflowType, ...args),
  };
}

export const NOW = Date.UTC(2030, 0, 1);

/** One execution, turn by turn. */
export class Execution {
  readonly instance: Instance;
  #now = NOW;

  constructor(instance: Instance) {
    this.instance = instance;
  }

  activate(...jobs: ActivationJob[]): ActivationResult {
    const timestamp = this.#now;
    this.#now += 60_000;
    return this.instance.activate({
      timestamp: timestamp,
      isReplaying: false,
      historyLength: 3,
      historySizeBytes: 0,
      continueAsNewSuggested: false,
      availableFlags: [],
      jobs,
    });
  }

  begin(workflowType: string, ...args: unknown[]): ActivationResult {
    return this.activate({
      kind: 'initializeWorkflow',
      namespace: 'default',
      workflowId: 'w',
      runId: 'r',
      workflowType,
      taskQueue: 'q',
      input: args.map((arg) => JSON.stringify(arg)),
      header: {},
      attempt: 1,
      runStartTime: NOW,
      startTime: NOW,
      firstExecutionRunId: 'r',
      taskTimeoutMs: 10_000,
      randomSeedHigh: 0,
      randomSeedLow: 0,
    } as unknown as ActivationJob);
  }

  fire(seq: number): ActivationResult {
    return this.activate({ kind: 'fireTimer', seq });
  }

  /** What the workflow returned within its first turn. */
  run(workflowType: string, ...args: unknown[]): unknown {
    return returned(this.begin(workflowType, ...args));
  }

  /** How the first turn failed. */
  fail(workflowType: string, ...args: unknown[]): Failure {
    return failed(this.begin(workflowType, ...args));
  }
}

export function returned(result: ActivationResult): unknown {
  if (result.kind === 'failed') throw new Error(`the turn failed: ${result.failure.message}`);
  const last = result.commands.at(-1);
  if (last?.kind === 'failWorkflow') throw new Error(last.failure.message, { cause: last.failure });
  if (last?.kind !== 'completeWorkflow')
    throw new Error(`the workflow goes on: ${JSON.stringify(result.commands)}`);
  return typeof last.result === 'string' ? (JSON.parse(last.result) as unknown) : undefined;
}

export function failed(result: ActivationResult): Failure {
  if (result.kind !== 'failed') throw new Error(`the turn succeeded: ${JSON.stringify(result)}`);
  return result.failure;
}
