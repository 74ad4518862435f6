// `node scripts/run.mjs examples/hello/main.ts [folder]`: starts a workflow, or finds it where an earlier process left it.
import { fileURLToPath } from 'node:url';
import { Troupe } from 'troupe';
import * as activities from './activities.ts';
import { greeted, hello, stop } from './workflows.ts';

const path = process.argv[2] ?? fileURLToPath(new URL('./.data', import.meta.url));
const troupe = await Troupe.open({
  path,
  workflowsPath: new URL('./workflows.ts', import.meta.url),
  activities,
});

const handle = await troupe.client.workflow.start(hello, {
  workflowId: 'hello',
  args: [['Ada', 'Grace']],
  // The workflow of an earlier start is still open: take that one.
  workflowIdConflictPolicy: 'USE_EXISTING',
});
console.log(`started ${handle.workflowId}: kill this process whenever you like, and start it again`);

while ((await handle.query(greeted)) < 2) await new Promise((resolve) => setTimeout(resolve, 20));
await handle.signal(stop);
console.log(await handle.result());

await troupe.close();
