import { expect, test } from 'vitest';
import * as activities from './activities/first.ts';
import { inEachMode } from './support/modes.ts';
import { approval, approve, nothing, oneActivity, state } from './workflows/first.ts';

inEachMode({ workflowsPath: new URL('./workflows/first.ts', import.meta.url), activities }, (running) => {
  test('a workflow without an await returns its result', async () => {
    const { workflow } = running.troupe.client;
    expect(await workflow.execute(nothing, { workflowId: 'a', taskQueue: 'default' })).toBe('done');
  });

  test('a workflow gets the result of its activity', async () => {
    const { workflow } = running.troupe.client;
    const result = await workflow.execute(oneActivity, {
      workflowId: 'b',
      taskQueue: 'default',
      args: ['Ada'],
    });
    expect(result).toBe('Hello, Ada!');
  });

  test('a signal reaches a waiting workflow, and a query sees its state before and after', async () => {
    const { workflow } = running.troupe.client;
    const handle = await workflow.start(approval, { workflowId: 'c', taskQueue: 'default' });
    expect(await handle.query(state)).toBe('waiting');
    await handle.signal(approve, 'Grace');
    expect(await handle.result()).toBe('approved by Grace');
    expect(await handle.query(state)).toBe('approved');
  });
});
