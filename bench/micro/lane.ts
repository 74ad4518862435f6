// What a lane costs, all of it: posts decoded, mailboxes, decisions, turns in the sandbox, frames, rows, the batch encoded; its host is a
// few lines here. Workflows with one activity, so many in flight. Time of this thread's processor, so that a loaded machine matters less.
// `node --max-semi-space-size=64 --import ./scripts/ts.mjs bench/micro/lane.ts [in flight] [workflows]`
// Budget (two cores, 20,000 workflows a second): 19 µs a workflow; measured: see bench/LOG.md.
import { fileURLToPath } from 'node:url';
import { createRealm } from '../../src/actors/sandbox';
import { Shard } from '../../src/actors/shard';
import { bundleWorkflows } from '../../src/bundle';
import { namespace, runId, taskQueueName, workflowId, type RunId } from '../../src/model/ids';
import type { Message } from '../../src/model/message';
import { decodeBatch, encodePost } from '../../src/wire/codec';
import type { Handle, PostEntry } from '../../src/wire/traffic';
import { createTurnMemory, TurnMonitor } from '../../src/wire/turn-monitor';

const IN_FLIGHT = Number(process.argv[2] ?? 1_000);
const WORKFLOWS = Number(process.argv[3] ?? 60_000);
/** As many as the host puts into one post at most. */
const POST_MESSAGES_MAX = 1_024;
/** Workflows of one reading. The best readings are the ones which nobody else disturbed. */
const CHUNK = 2_000;

const NAMESPACE = namespace('default');
const QUEUE = taskQueueName('default');
const IDENTITY = 'bench';

const bundle = await bundleWorkflows({
  workflowsPath: fileURLToPath(new URL('../code/workflows.ts', import.meta.url)),
});
const shard = new Shard({
  setup: {
    lane: 0,
    generation: 1,
    epoch: 1,
    identity: IDENTITY,
    seed: 1,
    cacheBytes: 512 * 1_024 * 1_024,
    idleEvictMs: 60_000,
    batchWorkflows: 32,
  },
  monitor: new TurnMonitor(createTurnMemory()),
  createRealm: (code) => createRealm(code),
});

let seq = 0;
let handles: Handle = 0;
let done = 0;
let begun = 0;
const handleOf = new Map<string, Handle>();
const entries: PostEntry[] = [
  { kind: 'namespace', namespace: NAMESPACE, number: 1, retentionMs: 7 * 86_400_000 },
  { kind: 'bundle', hash: 'bench', name: 'bench', code: bundle.code },
  { kind: 'worker', namespace: NAMESPACE, taskQueue: QUEUE, bundleHash: 'bench', identity: IDENTITY },
];

const push = (id: string, message: Message): void => {
  let handle = handleOf.get(id);
  if (handle === undefined) {
    handle = ++handles;
    handleOf.set(id, handle);
    entries.push({ kind: 'load', handle, namespace: NAMESPACE, workflowId: workflowId(id) });
  }
  entries.push({ kind: 'message', handle, seq: ++seq, message });
};

function start(): void {
  begun += 1;
  const id = `w-${Math.random()}-${begun}`;
  push(id, {
    kind: 'start',
    to: { namespace: NAMESPACE, workflowId: workflowId(id) },
    waiter: begun,
    newRunId: runIdOf(begun),
    requestId: `request-${begun}`,
    identity: IDENTITY,
    options: { workflowType: 'sequence', taskQueue: QUEUE, input: ['1'], header: {}, taskTimeoutMs: 10_000 },
    reusePolicy: 'ALLOW_DUPLICATE',
    conflictPolicy: 'FAIL',
  });
}

const runIdOf = (number: number): RunId =>
  runId(`01900000-0000-7000-8000-${number.toString(16).padStart(12, '0')}`);

/** What the host would do: run activities, start the next, say that evictions are final. */
function host(bytes: Uint8Array): void {
  const batch = decodeBatch(bytes);
  for (const effect of batch.effects) {
    if (effect.kind === 'runActivity') {
      const { task } = effect;
      const { workflowId: id } = task.execution;
      push(id, {
        kind: 'activityResolved',
        to: { namespace: NAMESPACE, workflowId: id, runId: task.execution.runId },
        waiter: 0,
        activity: { kind: 'attempt', scheduledEventId: task.scheduledEventId, attempt: task.attempt },
        identity: IDENTITY,
        outcome: { kind: 'completed', result: '{"ok":true,"n":1}' },
      });
    } else if (effect.kind === 'runClosed') {
      done += 1;
      handleOf.delete(effect.execution.workflowId);
      if (begun < WORKFLOWS) start();
    }
  }
  for (const { handle } of batch.evict) entries.push({ kind: 'evicted', handle });
}

for (let index = 0; index < IN_FLIGHT; index += 1) start();
let laneMs = 0;
let chunkFrom = { done: 0, cpuMs: cpuMs(), laneMs: 0 };
const chunks: { readonly lane: number; readonly cpu: number }[] = [];
while (done < WORKFLOWS) {
  const post = entries.splice(0, 2 * POST_MESSAGES_MAX);
  post.unshift({ kind: 'grant', namespace: NAMESPACE, taskQueue: QUEUE, count: POST_MESSAGES_MAX });
  const bytes = encodePost({ generation: 1, now: Date.now(), stalledMs: 0, entries: post });
  const before = performance.now();
  const batches = [...shard.handle(bytes)];
  laneMs += performance.now() - before;
  for (const batch of batches) host(batch);
  const chunk = done - chunkFrom.done;
  if (chunk < CHUNK) continue;
  const now = { done, cpuMs: cpuMs(), laneMs };
  chunks.push({
    lane: ((now.laneMs - chunkFrom.laneMs) * 1_000) / chunk,
    cpu: ((now.cpuMs - chunkFrom.cpuMs) * 1_000) / chunk,
  });
  chunkFrom = now;
}
const report = (of: 'lane' | 'cpu'): string => {
  const sorted = chunks.map((chunk) => chunk[of]).sort((a, b) => a - b);
  const at = (part: number): string => (sorted[Math.floor(sorted.length * part)] ?? 0).toFixed(1);
  return `${at(0.1)} µs (best tenth), ${at(0.5)} µs (median)`;
};
console.log(`lane, ${IN_FLIGHT} in flight, a workflow: ${report('lane')} by the clock`);
console.log(`with this bench's host and all collector threads: ${report('cpu')} of processor time`);

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}
