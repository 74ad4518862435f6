// A program whose activity leaves a rejection behind that nobody hears. What it finds unfinished in its folder it goes on with.
import { Troupe } from 'troupe';
import { activityInfo } from 'troupe/activity';

const [path = '', manner] = process.argv.slice(2);
if (manner === 'listening') {
  process.on('unhandledRejection', (error: Error) => void console.log(`heard: ${error.message}`));
}
const troupe = await Troupe.open({
  path,
  threads: 1,
  logger: { warn: () => undefined, error: () => undefined },
  workflowsPath: new URL('../workflows/mistakes.ts', import.meta.url),
  activities: {
    careless: async (): Promise<string> => {
      if (manner !== 'careful') void Promise.reject(new Error('nobody listens'));
      await new Promise((resolve) => setImmediate(resolve));
      return `done in attempt ${activityInfo().attempt}`;
    },
  },
});
const { workflow } = troupe.client;
const options = { workflowId: 'careless', workflowIdConflictPolicy: 'USE_EXISTING' } as const;
console.log(await workflow.execute('callsCareless', options));
await troupe.close();
