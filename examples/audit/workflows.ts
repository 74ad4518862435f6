// The audit as durable code: a parent that keeps a window of children in work, and one child for each package.
import {
  condition,
  continueAsNew,
  defineQuery,
  defineSignal,
  executeChild,
  getExternalWorkflowHandle,
  isCancellation,
  log,
  proxyActivities,
  rootCause,
  setHandler,
  workflowInfo,
} from 'troupe/workflow';
import type { createActivities } from './activities/index.ts';
import type * as cpuActivities from './activities/cpu.ts';
import { EMPTY_TALLY } from './model.ts';
import type {
  AuditInput,
  Manifest,
  PackageInput,
  PackageRef,
  PackageResult,
  Progress,
  Question,
  Tally,
} from './model.ts';

/** To a package's workflow: its licence may stay. */
export const approve = defineSignal('approve');
/** From a package's workflow to its parent: a licence waits for `approve`, or waits no longer. */
export const asks = defineSignal<[Question]>('asks');
export const answered = defineSignal<[workflowId: string]>('answered');
export const progress = defineQuery<Progress>('progress');

/** A page of the plan fits a payload many times over, and is read while the window still has work. */
const PLAN_PAGE = 100;
/** A run of the parent hands over to the next one after so many packages: about ten events each. */
const PACKAGES_PER_RUN = 400;
/** Packages that only wait for a decision hold no place in the window, up to so many times its size. */
const WAITING_WINDOWS_MAX = 4;

// Kills count as attempts, and an audit may be killed any number of times: attempts have no limit, and the activities
// themselves tell what is worth another one. A silent attempt is given up when its heartbeats stop.
const retry = { initialInterval: '200 ms', maximumInterval: '30 s' } as const;
const quick = { startToCloseTimeout: '1 minute', retry } as const;
const long = { startToCloseTimeout: '2 hours', heartbeatTimeout: '1 minute', retry } as const;
type HostActivities = ReturnType<typeof createActivities>;
const { readManifest, classifyLicence, recordResult, readPlan } = proxyActivities<HostActivities>(quick);
const { makePlan, hashFiles } = proxyActivities<HostActivities>(long);
const { measure } = proxyActivities<typeof cpuActivities>(long);

export async function auditFolder(input: AuditInput): Promise<Tally> {
  const { audit, window, licenceWaitMs } = input;
  let next = input.resumeAt?.next ?? 0;
  let total = input.resumeAt?.total;
  let tally = input.resumeAt?.tally ?? EMPTY_TALLY;
  let started = 0;
  let running = 0;
  const questions = new Map<string, Question>();

  setHandler(asks, (question) => void questions.set(question.workflowId, question));
  setHandler(answered, (workflowId) => void questions.delete(workflowId));
  setHandler(progress, () => ({
    phase: total === undefined ? 'planning' : tally.packages < total ? 'auditing' : 'done',
    ...(total !== undefined && { total }),
    tally,
    running,
    questions: [...questions.values()],
  }));

  const packages = (total ??= await makePlan({ audit }));

  const auditOne = async (task: PackageInput): Promise<void> => {
    running += 1;
    const workflowId = `${workflowInfo().workflowId}/${task.pkg.index}`;
    try {
      const result = await executeChild(auditPackage, { workflowId, args: [task] });
      tally = add(tally, result);
    } catch (error) {
      if (!isCancellation(error)) log.error(`${task.pkg.path} could not be audited: ${messageOf(error)}`);
      tally = { ...tally, packages: tally.packages + 1, failed: tally.failed + 1 };
    } finally {
      questions.delete(workflowId);
      running -= 1;
    }
  };
  const hasRoom = (): boolean =>
    running - questions.size < window && running < window * (1 + WAITING_WINDOWS_MAX);

  while (next < packages) {
    for (const pkg of await readPlan({ audit, from: next, count: PLAN_PAGE })) {
      await condition(hasRoom);
      void auditOne({ audit, pkg, total: packages, licenceWaitMs });
      next += 1;
      started += 1;
    }
    if (next < packages && (started >= PACKAGES_PER_RUN || workflowInfo().continueAsNewSuggested)) {
      await condition(() => running === 0);
      await continueAsNew<typeof auditFolder>({ ...input, resumeAt: { next, total: packages, tally } });
    }
  }
  await condition(() => running === 0);
  return tally;
}

export async function auditPackage(input: PackageInput): Promise<PackageResult> {
  const { audit, pkg, total, licenceWaitMs } = input;
  let approved = false;
  setHandler(approve, () => {
    approved = true;
  });
  const step = { audit, pkg };
  let result: PackageResult;
  try {
    const manifest = await readManifest(step);
    result = pkg.kind === 'link' ? unread(pkg, manifest) : await auditFiles(step, manifest);
    if (result.licence.kind === 'unknown' && pkg.kind !== 'link') {
      const decided = await review(result, () => approved, licenceWaitMs);
      result = { ...result, review: decided ? 'approved' : 'nobody answered' };
    }
  } catch (error) {
    if (isCancellation(error)) throw error;
    const failure = messageOf(error);
    const troubles = { listed: [{ path: '.', what: failure }], total: 1 };
    result = { ...unread(pkg, { name: pkg.path, version: '', troubles }), failure };
  }
  await recordResult({ ...step, total, result });
  return result;
}

async function auditFiles(
  step: Pick<PackageInput, 'audit' | 'pkg'>,
  manifest: Manifest,
): Promise<PackageResult> {
  const { name, version, declaredLicence } = manifest;
  const [hashed, sizes, licence] = await Promise.all([
    hashFiles(step),
    measure(step),
    classifyLicence({ ...step, ...(declaredLicence !== undefined && { declared: declaredLicence }) }),
  ]);
  const { files, bytes } = hashed;
  const troubles = {
    listed: [...manifest.troubles.listed, ...hashed.troubles.listed],
    total: manifest.troubles.total + hashed.troubles.total,
  };
  return { pkg: step.pkg, name, version, files, bytes, ...sizes, licence, troubles };
}

/** Tells the parent, and waits for a decision: a person's (true), or that of a durable timer. */
async function review(result: PackageResult, approved: () => boolean, waitMs: number): Promise<boolean> {
  const { workflowId, parent } = workflowInfo();
  const auditor = parent && getExternalWorkflowHandle(parent.workflowId);
  await auditor?.signal(asks, { workflowId, name: result.name, licence: result.licence.id });
  const decided = await condition(approved, waitMs);
  await auditor?.signal(answered, workflowId);
  return decided;
}

function unread(pkg: PackageRef, { name, version, troubles }: Manifest): PackageResult {
  const licence = { id: 'not read', kind: 'unknown', source: 'nothing' } as const;
  return { pkg, name, version, files: 0, bytes: 0, rawBytes: 0, compressedBytes: 0, licence, troubles };
}

function add(tally: Tally, result: PackageResult): Tally {
  return {
    packages: tally.packages + 1,
    failed: tally.failed + (result.failure === undefined ? 0 : 1),
    files: tally.files + result.files,
    rawBytes: tally.rawBytes + result.rawBytes,
    compressedBytes: tally.compressedBytes + result.compressedBytes,
    troubles: tally.troubles + result.troubles.total,
  };
}

const messageOf = (error: unknown): string => rootCause(error) ?? String(error);
