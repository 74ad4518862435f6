// Versions of workflow code that live side by side. Runs in the realm.
import { IllegalStateError } from '../common/errors';
import { currentOrNone } from './engine/current';
import type { RunContext } from './engine/run-context';

/** Whether the new code is to be run: yes, unless this run went past here before the new code was there. */
export function patched(patchId: string): boolean {
  return patch(patchId, false);
}

/** The old code is gone; runs that knew the patch still replay. */
export function deprecatePatch(patchId: string): void {
  patch(patchId, true);
}

function patch(patchId: string, deprecated: boolean): boolean {
  const run = currentOrNone();
  if (run?.init === undefined) throw new IllegalStateError('Patches cannot be used before Workflow starts');
  const isPatched = !run.head.isReplaying || run.knownPatches.has(patchId);
  if (isPatched) send(run, patchId, deprecated);
  return isPatched;
}

/** Once per run. What it decided stays, also for code that asks again. */
function send(run: RunContext, patchId: string, deprecated: boolean): void {
  run.knownPatches.add(patchId);
  if (run.sentPatches.has(patchId)) return;
  run.ask({ kind: 'setPatchMarker', patchId, deprecated });
  run.sentPatches.add(patchId);
}
