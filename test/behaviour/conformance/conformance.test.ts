// The same workflow and the same script on Temporal and on Troupe: the same histories, the same results.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Troupe } from 'troupe';
import { bundleWorkflowCode, type NativeConnection } from 'troupe/worker';
import { readHistory, recordingsOf, scenarios, sourcePath } from '../../support/official-histories';
import { runWaitsFor } from '../../support/official-histories/waiting';
import { MODES, removeTemporaryFolders } from '../support/modes.ts';
import { comparable } from './compare';
import { Driver, type Stage } from './driver';

const now = scenarios.filter((scenario) => runWaitsFor(scenario) === undefined);

describe.each(MODES)('$name', ({ options }) => {
  let troupe: Troupe;
  let stage: Stage;
  beforeAll(async () => {
    troupe = await Troupe.open({ ...options(), logger: { warn: () => undefined, error: () => undefined } });
    stage = {
      connection: troupe.client.connection as NativeConnection,
      right: { workflowBundle: await bundleWorkflowCode({ workflowsPath: sourcePath('workflows.ts') }) },
      faulty: { workflowBundle: await bundleWorkflowCode({ workflowsPath: sourcePath('task-faults.ts') }) },
      activities: (await import(/* @vite-ignore */ sourcePath('activities.ts'))) as Stage['activities'],
    };
  });
  afterAll(async () => {
    await troupe.close({ within: '2 s' });
    removeTemporaryFolders();
  });

  test.concurrent.each(now.map((scenario) => [scenario.name, scenario] as const))(
    '%s',
    async (name, scenario) => {
      const histories = await new Driver(stage, scenario).run();
      for (const { file } of recordingsOf(scenario)) {
        const expected = [file, ...comparable(name, readHistory(file))];
        expect([file, ...comparable(name, histories.get(file)!)]).toEqual(expected);
      }
    },
  );
});
