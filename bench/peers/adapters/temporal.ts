// Temporal: its server as a process beside this one, or at a given address; the worker and the client in this process.
import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { CannotRun, PAYLOAD } from '../lib/peer.ts';
import type { Peer, PeerContext, Payload, RunningPeer } from '../lib/peer.ts';
import { freePort, withServer } from '../lib/server.ts';
import { packageVersion } from './lib/package-version.ts';

const TASK_QUEUE = 'bench';
const SLOTS = 500;
const POLLS = 20;
/** Above every number in flight, children included. */
const CACHED_WORKFLOWS = 2_500;
const WORKFLOWS = fileURLToPath(new URL('./lib/temporal-workflows.ts', import.meta.url));

const RATES = [
  'frontend.rps',
  'frontend.namespaceRPS',
  'frontend.globalNamespaceRPS',
  'frontend.namespaceCount',
  'frontend.persistenceMaxQPS',
  'matching.rps',
  'matching.persistenceMaxQPS',
  'history.rps',
  'history.persistenceMaxQPS',
];
const DYNAMIC_CONFIG = [
  ...RATES.map((name) => `${name}=1000000`),
  'system.enableActivityEagerExecution=true',
  'matching.numTaskqueueReadPartitions=1',
  'matching.numTaskqueueWritePartitions=1',
];

const peer: Peer = {
  title: 'Temporal',
  settings: [
    'temporal server start-dev with a SQLite file, journal_mode=WAL, synchronous=FULL (a server given by address has its own)',
    'rate limits lifted, eager activity execution on, one task-queue partition',
    `one worker in the client’s process: ${SLOTS} slots, ${POLLS} + ${POLLS} polls, ${CACHED_WORKFLOWS} cached workflows`,
    'ordinary activities, not local ones',
  ],
  async run(context, use) {
    const { temporalAddress } = context;
    if (temporalAddress !== undefined) await withWorker(temporalAddress, `server at ${temporalAddress}`, use);
    else await withDevServer(context, use);
  },
};
export default peer;

async function withDevServer(
  { folder, temporalBinary = 'temporal' }: PeerContext,
  use: (running: RunningPeer) => Promise<void>,
): Promise<void> {
  const { status, stdout } = spawnSync(temporalBinary, ['--version'], { encoding: 'utf8' });
  if (status !== 0)
    throw new CannotRun(`no program '${temporalBinary}', and no --temporal address or path is given`);
  const port = await freePort();
  const pragmas = ['journal_mode=WAL', 'synchronous=FULL'];
  await withServer(
    {
      command: temporalBinary,
      args: [
        ...['server', 'start-dev', '--headless', '--log-level', 'error', '--ip', '127.0.0.1'],
        ...['--port', String(port), '--db-filename', path.join(folder, 'temporal.db')],
        ...pragmas.flatMap((pragma) => ['--sqlite-pragma', pragma]),
        ...DYNAMIC_CONFIG.flatMap((value) => ['--dynamic-config-value', value]),
      ],
      log: path.join(folder, 'temporal.log'),
      stopSignal: 'SIGTERM',
      isReady: () => accepts(port),
    },
    () => withWorker(`127.0.0.1:${port}`, stdout.trim().split('\n')[0] ?? '', use),
  );
}

async function withWorker(
  address: string,
  server: string,
  use: (running: RunningPeer) => Promise<void>,
): Promise<void> {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const native = await NativeConnection.connect({ address }).catch((error: unknown) => {
    throw new CannotRun(`no Temporal server answers at ${address}: ${String(error)}`);
  });
  const connection = await Connection.connect({ address });
  const { workflow } = new Client({ connection });
  const worker = await Worker.create({
    connection: native,
    taskQueue: TASK_QUEUE,
    workflowsPath: WORKFLOWS,
    activities: { step: async (input: Payload): Promise<Payload> => input },
    maxConcurrentWorkflowTaskExecutions: SLOTS,
    maxConcurrentActivityTaskExecutions: SLOTS,
    maxConcurrentWorkflowTaskPolls: POLLS,
    maxConcurrentActivityTaskPolls: POLLS,
    maxCachedWorkflows: CACHED_WORKFLOWS,
  });
  const started = worker.runUntil(async () => {
    await use({
      versions: `${packageVersion('@temporalio/worker')}, ${server}`,
      execute: (program, size) =>
        workflow.execute(program, { taskQueue: TASK_QUEUE, workflowId: randomUUID(), args: [size] }),
      async startReceiver(messages) {
        const handle = await workflow.start('receive', {
          taskQueue: TASK_QUEUE,
          workflowId: randomUUID(),
          args: [messages],
        });
        return { send: () => handle.signal('message', PAYLOAD), result: () => handle.result() };
      },
    });
  });
  try {
    await started;
  } finally {
    await connection.close();
    await native.close();
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const answer = (accepted: boolean) => (): void => {
      socket.destroy();
      resolve(accepted);
    };
    socket.once('connect', answer(true));
    socket.once('error', answer(false));
  });
}
