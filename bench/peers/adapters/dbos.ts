// DBOS on PostgreSQL: workflows run in this process, started directly.
import { DBOS } from '@dbos-inc/dbos-sdk';
import { PAYLOAD } from '../lib/peer.ts';
import type { Payload, Peer } from '../lib/peer.ts';
import { packageVersion } from './lib/package-version.ts';
import { POSTGRES_SETTINGS, withPostgres } from './lib/postgres.ts';

const POOL = 50;

const step = DBOS.registerStep(async (input: Payload): Promise<Payload> => input, { name: 'step' });

const nothing = DBOS.registerWorkflow(async (_size: number): Promise<string> => 'done', { name: 'nothing' });

const sequence = DBOS.registerWorkflow(
  async (steps: number): Promise<number> => {
    let sum = 0;
    for (let done = 0; done < steps; done += 1) sum += (await step(PAYLOAD)).n;
    return sum;
  },
  { name: 'sequence' },
);

const fanOut = DBOS.registerWorkflow(
  async (width: number): Promise<number> => {
    const results = await Promise.all(Array.from({ length: width }, () => step(PAYLOAD)));
    return results.reduce((sum, { n }) => sum + n, 0);
  },
  { name: 'fanOut' },
);

const parent = DBOS.registerWorkflow(
  async (children: number): Promise<number> => {
    const handles = await Promise.all(Array.from({ length: children }, () => DBOS.startWorkflow(nothing)(0)));
    return (await Promise.all(handles.map((handle) => handle.getResult()))).length;
  },
  { name: 'parent' },
);

const receive = DBOS.registerWorkflow(
  async (messages: number): Promise<number> => {
    let received = 0;
    while (received < messages) if ((await DBOS.recv('ping', 60)) !== null) received += 1;
    return received;
  },
  { name: 'receive' },
);

const programs = { nothing, sequence, fanOut, parent };

const dbos: Peer = {
  title: 'DBOS, PostgreSQL',
  settings: [
    'DBOS.startWorkflow(…).getResult() in the workflow process, no queue',
    `connection pool ${POOL}, log level error, tracing off, fixed application version`,
    ...POSTGRES_SETTINGS,
  ],
  run: (context, use) =>
    withPostgres(context, async ({ url, version, checked }) => {
      DBOS.setConfig({
        name: 'troupe-bench',
        systemDatabaseUrl: url,
        systemDatabasePoolSize: POOL,
        logLevel: 'error',
        applicationVersion: 'bench',
      });
      await DBOS.launch();
      try {
        await use({
          versions: `${packageVersion('@dbos-inc/dbos-sdk')}, ${version}`,
          checked,
          async execute(program, size) {
            const start = DBOS.startWorkflow(programs[program] as (size: number) => Promise<unknown>);
            return (await start(size)).getResult();
          },
          async startReceiver(messages) {
            const handle = await DBOS.startWorkflow(receive)(messages);
            return {
              send: () => DBOS.send(handle.workflowID, 'ping', 'ping'),
              result: () => handle.getResult(),
            };
          },
        });
      } finally {
        await DBOS.shutdown();
      }
    }),
};
export default dbos;
