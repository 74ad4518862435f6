// A program with nothing but an engine: while a thread is lost and not yet replaced, nothing else keeps the process alive.
import { Troupe } from 'troupe';

const troupe = await Troupe.open({
  store: 'memory',
  threads: 1,
  turnLimit: '100 ms',
  logger: { warn: () => undefined, error: () => undefined },
  workflowsPath: new URL('../workflows/trouble.ts', import.meta.url),
});
let lost = 0;
troupe.on('laneReplaced', () => void (lost += 1));
const endless = await troupe.client.workflow.start('endless', { workflowId: 'endless' });
const answer: unknown = await troupe.client.workflow.execute('innocent', { workflowId: 'beside' });
await endless.terminate();
await troupe.close();
console.log(`${String(answer)}, threads were lost: ${lost > 1}`);
