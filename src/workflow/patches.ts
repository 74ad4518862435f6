// Versions of workflow code that live side by side. Runs in the realm.
import { IllegalStateError } from '../common/errors';
import { currentOrNone } from './engine/current';

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
  if (run?.hasCode !== true) throw new IllegalStateError('Patches cannot be used before Workflow starts');
  const state = run.patches.get(patchId);
  if (state === 'sent') return true;
  const isAsked = run.readOnly !== undefined;
  // No final answer: the same code may come here again in a new turn.
  if (state === undefined && (run.head.isReplaying || isAsked)) return false;
  if (isAsked) return true;
  run.ask({ kind: 'setPatchMarker', patchId, deprecated });
  run.patches.set(patchId, 'sent');
  return true;
}
