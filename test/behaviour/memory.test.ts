// A workflow that uses up the memory of its thread: the thread is replaced, and only that workflow suffers.
import { Troupe } from 'troupe';
import { WorkflowFailedError } from 'troupe/client';
import { expect, onTestFinished, test } from 'vitest';
import { removeTemporaryFolders, temporaryFolder } from './support/modes.ts';
import { hog, innocent } from './workflows/hogs.ts';

/** A thread's heap of 2 GB is filled twice. */
const TIMEOUT_MS = 120_000;

test(
  'a workflow that takes all memory loses its thread and fails its task; others go on; it can be described and terminated',
  { timeout: TIMEOUT_MS },
  async () => {
    onTestFinished(removeTemporaryFolders);
    const path = temporaryFolder();
    const workflowsPath = new URL('./workflows/hogs.ts', import.meta.url);
    const logger = { warn: () => undefined, error: () => undefined };
    // Not the watchdog of turns is to end it, but the end of the heap.
    const troupe = await Troupe.open({ path, threads: 1, turnLimit: '2 minutes', logger, workflowsPath });
    const lost: unknown[] = [];
    troupe.on('laneReplaced', (event) => void lost.push(event));
    const taskFailed = new Promise<{ message: string }>((resolve) => troupe.on('turnFailed', resolve));
    const { workflow } = troupe.client;
    const hogs = workflow.start(hog, { workflowId: 'hog' });
    const others = Array.from({ length: 10 }, (_, index) =>
      workflow.execute(innocent, { workflowId: `beside-${index}` }),
    );
    expect(await Promise.all(others)).toEqual(Array.from({ length: 10 }, () => 'fine'));
    expect(lost[0]).toMatchObject({
      lane: 0,
      workflowId: 'hog',
      reason: expect.stringContaining('memory') as string,
    });
    expect((await taskFailed).message).toContain('memory');

    const handle = await hogs;
    const { status, raw } = await handle.describe();
    expect(status.name).toBe('RUNNING');
    expect(raw.strikes).toBeGreaterThan(0);
    expect(raw.pendingWorkflowTask).toMatchObject({
      lastFailure: { message: expect.stringContaining('memory') as string },
    });
    await handle.terminate('it takes all memory');
    await expect(handle.result()).rejects.toBeInstanceOf(WorkflowFailedError);
    expect((await handle.describe()).status.name).toBe('TERMINATED');
    await troupe.close({ within: '2 s' });
  },
);
