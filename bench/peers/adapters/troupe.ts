// Troupe itself, as built in dist/: the same engine, workflows and guard as in `npm run bench`.
import type { receive } from '../../code/workflows.ts';
import { createBench } from '../../lib/bench.ts';
import { troupeVersion } from '../../lib/report.ts';
import type { Peer, Program } from '../lib/peer.ts';

const argsOf = (program: Program, size: number): number[] => (program === 'nothing' ? [] : [size]);

const troupe: Peer = {
  title: 'Troupe',
  settings: ['LMDB store, default options; each answer checked against the newest durable commit'],
  async run({ folder, isQuick }, use) {
    const bench = createBench({
      isQuick,
      repetitions: 1,
      engine: { store: 'lmdb' },
      data: folder,
      progress: () => undefined,
    });
    await bench.withTroupe(async ({ troupe, guard, nextId }) => {
      const { workflow } = troupe.client;
      await use({
        versions: `troupe ${troupeVersion()}`,
        async execute(program, size) {
          const handle = await workflow.start(program, { workflowId: nextId(), args: argsOf(program, size) });
          guard.check();
          const result: unknown = await handle.result();
          guard.check();
          return result;
        },
        async startReceiver(messages) {
          const handle = await workflow.start<typeof receive>('receive', {
            workflowId: nextId(),
            args: [messages],
          });
          return {
            async send() {
              await handle.signal('ping');
              guard.check();
            },
            async result() {
              const received = await handle.result();
              guard.check();
              return received;
            },
          };
        },
      });
    });
  },
};
export default troupe;
