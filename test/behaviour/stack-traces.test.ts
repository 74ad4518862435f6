// Where a workflow waits, as its built-in queries tell it: in the lines of the user's files.
import { enhancedStackTraceQuery, stackTraceQuery, workflowMetadataQuery } from 'troupe/workflow';
import { expect, test } from 'vitest';
import { eventually, inEachModeTogether } from './support/modes.ts';
import { brief, deep, end, wide } from './workflows/stacks.ts';

const workflowsPath = new URL('./workflows/stacks.ts', import.meta.url);
const FILE = 'test/behaviour/workflows/stacks.ts';
const HELPER = 'test/behaviour/workflows/stacks-helper.ts';

let count = 0;
const fresh = (): { workflowId: string } => ({ workflowId: `stacks-${(count += 1)}` });

inEachModeTogether({ workflowsPath, activities: { first: async () => undefined } }, (running) => {
  test('a stack leads from the function that waits to the workflow, and asking changes nothing', async () => {
    const { workflow } = running.troupe.client;
    const handle = await workflow.start(deep, fresh());
    await eventually('the activity is over', async () =>
      (await handle.query(stackTraceQuery)).includes('waitsLonger'),
    );
    const before = await handle.fetchHistory();
    expect(await handle.query(stackTraceQuery)).toBe(
      `    at waitsLonger (${HELPER}:4:9)\n    at deep (${FILE}:20:9)`,
    );
    expect(await handle.fetchHistory()).toEqual(before);
    await handle.signal(end);
    expect(await handle.result()).toBe('ended');
    expect(await handle.query(stackTraceQuery)).toBe('');
  });

  test('every place is told where a workflow waits, and none where nobody waits', async () => {
    const { workflow } = running.troupe.client;
    const handle = await workflow.start(wide, fresh());
    const text = await handle.query(stackTraceQuery);
    expect(text.split('\n\n')).toEqual([
      `    at ${FILE}:32:11\n    at inScope (${FILE}:31:27)\n    at wide (${FILE}:27:22)`,
      `    at wide (${FILE}:27:17)`,
    ]);
    await handle.terminate();
  });

  test('the enhanced query tells the same as files, lines and functions', async () => {
    const { workflow } = running.troupe.client;
    const handle = await workflow.start(wide, fresh());
    const { sdk, stacks } = await handle.query(enhancedStackTraceQuery);
    expect(sdk.name).toBe('troupe');
    const inScope = stacks.flatMap(({ locations }) => locations).find((at) => at.function_name === 'inScope');
    expect(inScope).toEqual({
      file_path: FILE,
      line: 31,
      column: 27,
      function_name: 'inScope',
      internal_code: false,
    });
    await handle.terminate();
  });

  test('the metadata query tells the type and the handlers', async () => {
    const { workflow } = running.troupe.client;
    const handle = await workflow.start(deep, fresh());
    const { definition } = await handle.query(workflowMetadataQuery);
    expect(definition).toMatchObject({ type: 'deep', signalDefinitions: [{ name: 'end' }] });
    await handle.terminate();
  });

  test('a workflow that is over waits for nothing', async () => {
    const { workflow } = running.troupe.client;
    const handle = await workflow.start(brief, fresh());
    await handle.result();
    expect(await handle.query(stackTraceQuery)).toBe('');
  });
});
