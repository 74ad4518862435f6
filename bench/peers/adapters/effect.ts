// Effect's cluster workflow engine on PostgreSQL: one runner, in this process.
import { randomUUID } from 'node:crypto';
import * as PgClient from '@effect/sql-pg/PgClient';
import * as Effect from 'effect/Effect';
import * as Layer from 'effect/Layer';
import * as ManagedRuntime from 'effect/ManagedRuntime';
import * as Redacted from 'effect/Redacted';
import * as Schema from 'effect/Schema';
import * as ClusterWorkflowEngine from 'effect/cluster/ClusterWorkflowEngine';
import * as SingleRunner from 'effect/cluster/SingleRunner';
import * as Digest from 'effect/crypto/Digest';
import * as Activity from 'effect/workflow/Activity';
import * as DurableDeferred from 'effect/workflow/DurableDeferred';
import * as Workflow from 'effect/workflow/Workflow';
import type * as WorkflowEngine from 'effect/workflow/WorkflowEngine';
import { PAYLOAD } from '../lib/peer.ts';
import type { Peer, Program } from '../lib/peer.ts';
import { packageVersion } from './lib/package-version.ts';
import { POSTGRES_SETTINGS, withPostgres } from './lib/postgres.ts';

const POOL = 20;
const POLL_MS = 25;
const SHARDS = 100;

const Payload = Schema.Struct({ ok: Schema.Boolean, n: Schema.Number });
const input = { id: Schema.String, size: Schema.Number };
const idempotencyKey = ({ id }: { readonly id: string }): string => id;

const Nothing = Workflow.make('nothing', { payload: input, success: Schema.String, idempotencyKey });
const numeric = { payload: input, success: Schema.Number, idempotencyKey };
const Sequence = Workflow.make('sequence', numeric);
const FanOut = Workflow.make('fanOut', numeric);
const Parent = Workflow.make('parent', numeric);
const Receive = Workflow.make('receive', numeric);

/** To be yielded as it is: its `execute` is the bare body, and leaves no trace in the store. */
const step = (index: number) =>
  Activity.make({ name: `step-${index}`, success: Payload, execute: Effect.succeed(PAYLOAD) });
const message = (index: number) => DurableDeferred.make(`message-${index}`, { success: Payload });
const indexes = (size: number): number[] => Array.from({ length: size }, (_, index) => index);

const workflows = Layer.mergeAll(
  Nothing.toLayer(() => Effect.succeed('done')),
  Sequence.toLayer(
    Effect.fnUntraced(function* ({ size }) {
      let sum = 0;
      for (let done = 0; done < size; done += 1) sum += (yield* step(done)).n;
      return sum;
    }),
  ),
  FanOut.toLayer(
    Effect.fnUntraced(function* ({ size }) {
      const results = yield* Effect.forEach(indexes(size), (index) => step(index), {
        concurrency: 'unbounded',
      });
      return results.reduce((sum, { n }) => sum + n, 0);
    }),
  ),
  Parent.toLayer(
    Effect.fnUntraced(function* ({ id, size }) {
      const results = yield* Effect.forEach(
        indexes(size),
        (index) => Nothing.execute({ id: `${id}-${index}`, size: 0 }),
        { concurrency: 'unbounded' },
      );
      return results.length;
    }),
  ),
  Receive.toLayer(
    Effect.fnUntraced(function* ({ size }) {
      let received = 0;
      while (received < size) {
        yield* DurableDeferred.await(message(received));
        received += 1;
      }
      return received;
    }),
  ),
);

const execute = (
  program: Program,
  size: number,
): Effect.Effect<string | number, never, WorkflowEngine.WorkflowEngine> => {
  const payload = { id: randomUUID(), size };
  if (program === 'nothing') return Nothing.execute(payload);
  return { sequence: Sequence, fanOut: FanOut, parent: Parent }[program].execute(payload);
};

const peer: Peer = {
  title: 'Effect cluster, PostgreSQL',
  settings: [
    `one runner in the client’s process, ${SHARDS} shards, message and reply polls each ${POLL_MS} ms, pool ${POOL}`,
    'messages complete durable deferreds of a workflow',
    ...POSTGRES_SETTINGS,
  ],
  run: (context, use) =>
    withPostgres(context, async ({ url, version, checked }) => {
      const sql = PgClient.layer({ url: Redacted.make(url), maxConnections: POOL });
      const runner = SingleRunner.layer({
        shardingConfig: {
          shardsPerGroup: SHARDS,
          entityMessagePollInterval: POLL_MS,
          entityReplyPollInterval: POLL_MS,
        },
      });
      const runtime = ManagedRuntime.make(
        workflows.pipe(
          Layer.provideMerge(ClusterWorkflowEngine.layer),
          Layer.provide(runner),
          Layer.provide([sql, Digest.layerWebCrypto]),
        ),
      );
      try {
        await use({
          versions: `${packageVersion('effect')}, ${packageVersion('@effect/sql-pg')}, ${version}`,
          checked,
          execute: (program, size) => runtime.runPromise(execute(program, size)),
          async startReceiver(messages) {
            const payload = { id: randomUUID(), size: messages };
            const executionId = await runtime.runPromise(Receive.execute(payload, { discard: true }));
            let sent = 0;
            return {
              send() {
                const deferred = message(sent);
                sent += 1;
                const token = DurableDeferred.tokenFromExecutionId(deferred, {
                  workflow: Receive,
                  executionId,
                });
                return runtime.runPromise(DurableDeferred.succeed(deferred, { token, value: PAYLOAD }));
              },
              // Executing the same payload joins the run.
              result: () => runtime.runPromise(Receive.execute(payload)),
            };
          },
        });
      } finally {
        await runtime.dispose();
      }
    }),
};
export default peer;
