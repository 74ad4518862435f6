import { expect, test } from 'vitest';
import * as activities from './activities/first.ts';
import { inEachMode } from './support/modes.ts';
import { approval, approve, byConstants, nothing, oneActivity, state } from './workflows/first.ts';

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

  test('executions use what their module defines, one after the other and side by side', async () => {
    const { workflow } = running.troupe.client;
    const greetings = ['Hello, Ada!', 'Hello, Grace!'];
    const execute = (workflowId: string) =>
      workflow.execute(byConstants, { workflowId, taskQueue: 'default' });
    expect(await execute('constants-1')).toEqual(greetings);
    const others = ['constants-2', 'constants-3', 'constants-4'].map(execute);
    expect(await Promise.all(others)).toEqual([greetings, greetings, greetings]);
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
