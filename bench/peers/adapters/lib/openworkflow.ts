// What OpenWorkflow does alike on both of its stores. The worker runs in this process.
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { OpenWorkflow } from 'openworkflow';
import { PAYLOAD } from '../../lib/peer.ts';
import type { PeerContext, RunningPeer } from '../../lib/peer.ts';
import { packageVersion } from './package-version.ts';

const CONCURRENCY_MIN = 100;
const POLL_MIN_MS = 10;
const POLL_MAX_MS = 1_000;
/** Between two tries to send to a workflow that does not wait yet. */
const RESEND_MS = 5;
/** A signal that arrives while its workflow is about to park does not wake it: only its timeout does. */
const SIGNAL_TIMEOUT_MS = 2_000;

export const OPENWORKFLOW_SETTINGS = [
  `one worker in the client’s process, concurrency ${CONCURRENCY_MIN}, or the number in flight where that is more`,
  'result() asks the store once a second: its private interval is lowered to one millisecond for each workflow in flight ' +
    `(at least ${POLL_MIN_MS}), which helps it at low concurrency; the worker’s own polling, up to a second, has no setting`,
  `a signal to a workflow that does not wait is dropped: the sender looks each ${RESEND_MS} ms whether it waits, and sends again until it is received`,
  `each message is a signal of its own name; a wait is renewed after ${SIGNAL_TIMEOUT_MS / 1_000} s, since one that arrives while the workflow parks does not wake it`,
];

type Backend = ConstructorParameters<typeof OpenWorkflow>[0]['backend'];

interface Handle {
  result(): Promise<unknown>;
}

export async function withOpenWorkflow(
  context: PeerContext,
  backend: Backend,
  store: string,
  use: (running: RunningPeer) => Promise<void>,
  checked: readonly string[],
): Promise<void> {
  const client = new OpenWorkflow({ backend });
  const programs = define(client);
  const worker = client.newWorker({ concurrency: Math.max(CONCURRENCY_MIN, context.inFlightMax) });
  await worker.start();
  let active = 0;
  const resultOf = (handle: Handle): Promise<unknown> => {
    const pollMs = Math.min(POLL_MAX_MS, Math.max(POLL_MIN_MS, active));
    Object.assign(handle, { resultPollIntervalMs: pollMs });
    return handle.result();
  };
  try {
    await use({
      versions: `${packageVersion('openworkflow')}, ${store}`,
      checked,
      async execute(program, size) {
        active += 1;
        try {
          return await resultOf(await programs[program].run({ size }));
        } finally {
          active -= 1;
        }
      },
      async startReceiver(messages) {
        const signals = randomUUID();
        const handle = await programs.receive.run({ messages, signals });
        let sent = 0;
        return {
          async send() {
            const signal = `${signals}-${sent}`;
            sent += 1;
            for (;;) {
              const run = await backend.getWorkflowRun({ workflowRunId: handle.workflowRun.id });
              if (run?.workerId === null) {
                const { workflowRunIds } = await client.sendSignal({ signal, data: PAYLOAD });
                if (workflowRunIds.length > 0) return;
              }
              await sleep(RESEND_MS);
            }
          },
          result: () => resultOf(handle),
        };
      },
    });
  } finally {
    await worker.stop();
    await backend.stop();
  }
}

interface Input {
  readonly size: number;
}

function define(client: OpenWorkflow) {
  const step = async () => PAYLOAD;
  const nothing = client.defineWorkflow({ name: 'nothing' }, async (_: { input: Input }) => 'done');
  return {
    nothing,
    sequence: client.defineWorkflow<Input, number>({ name: 'sequence' }, async ({ input, step: steps }) => {
      let sum = 0;
      for (let done = 0; done < input.size; done += 1) {
        sum += (await steps.run({ name: `step-${done}` }, step)).n;
      }
      return sum;
    }),
    fanOut: client.defineWorkflow<Input, number>({ name: 'fanOut' }, async ({ input, step: steps }) => {
      const results = await Promise.all(
        Array.from({ length: input.size }, (_, index) => steps.run({ name: `step-${index}` }, step)),
      );
      return results.reduce((sum, { n }) => sum + n, 0);
    }),
    parent: client.defineWorkflow<Input, number>({ name: 'parent' }, async ({ input, step: steps }) => {
      const results = await Promise.all(
        Array.from({ length: input.size }, (_, index) =>
          steps.runWorkflow(nothing.workflow.spec, { size: 0 }, { name: `child-${index}` }),
        ),
      );
      return results.length;
    }),
    receive: client.defineWorkflow<{ readonly messages: number; readonly signals: string }, number>(
      { name: 'receive' },
      async ({ input, step: steps }) => {
        let received = 0;
        let waits = 0;
        while (received < input.messages) {
          const message = await steps.waitForSignal({
            name: `message-${received}-${waits}`,
            signal: `${input.signals}-${received}`,
            timeout: SIGNAL_TIMEOUT_MS,
          });
          waits += 1;
          if (message !== null) received += 1;
        }
        return received;
      },
    ),
  };
}
