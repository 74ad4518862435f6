// Workflow code made into a bundle now, or before.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bundleWorkflowCode, loadWorkflowBundle } from '../../../src/worker/workflow-bundle';

const workflowsPath = path.join(import.meta.dirname, 'fixtures/workflows.ts');
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'troupe-bundle-test-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a bundle made before is the bundle made now, from memory and from a file', async () => {
  const now = await loadWorkflowBundle({ workflowsPath: pathToFileURL(workflowsPath) });
  const before = await bundleWorkflowCode({ workflowsPath });
  const codePath = path.join(folder, 'bundle.js');
  writeFileSync(codePath, before.code);
  expect(now?.code).toContain('order');
  for (const workflowBundle of [before, { code: before.code }, { codePath }]) {
    const { hash, code, sourceMap } = (await loadWorkflowBundle({ workflowBundle })) ?? {};
    expect({ hash, code, sourceMap }).toEqual({
      hash: now?.hash,
      code: now?.code,
      sourceMap: now?.sourceMap,
    });
  }
});

test('without workflow code there is none', async () => {
  expect(await loadWorkflowBundle({})).toBeUndefined();
});

test('a bundle that is none, or that cannot be read, is refused', async () => {
  await expect(loadWorkflowBundle({ workflowBundle: { code: '' } })).rejects.toThrow(
    'workflowBundle: { code }',
  );
  await expect(
    loadWorkflowBundle({ workflowBundle: { codePath: path.join(folder, 'none') } }),
  ).rejects.toThrow('cannot be read');
});

test('webpack hooks and plugins are refused, with what to use instead', async () => {
  await expect(bundleWorkflowCode({ workflowsPath, webpackConfigHook: () => ({}) })).rejects.toThrow(
    'ignoreModules',
  );
  await expect(bundleWorkflowCode({ workflowsPath, plugins: [{}] })).rejects.toThrow('plugins');
});
