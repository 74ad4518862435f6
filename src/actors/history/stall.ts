// The host stood still: what running attempts did meanwhile could not be heard, so the time of the stall is not theirs. Pure computation.
import type { DurationMs } from '../../model/time';
import { noteActivity } from './activities';
import { finish } from './decide';
import type { DecideContext, Decision, WorkflowRuns } from './decision';
import { Draft } from './draft';

/**
 * Moves the deadlines of the current run's attempts by a stall that has just ended. Not the time over all attempts, which is the
 * caller's bound; nor those of attempts that go on outside of this process.
 */
export function allowForStall(runs: WorkflowRuns, stalledMs: DurationMs, ctx: DecideContext): Decision {
  const draft = new Draft(runs, ctx);
  const { current } = runs;
  if (current === undefined) return finish(draft);
  const later = (at: number): number => Math.max(at, Math.min(at + stalledMs, ctx.now));
  const run = draft.edit(current);
  for (const activity of current.activities.values()) {
    const { state, lastHeartbeatAt } = activity;
    if (state.kind !== 'started' || state.async) continue;
    noteActivity(run, activity, {
      state: { ...state, at: later(state.at) },
      ...(lastHeartbeatAt !== undefined && { lastHeartbeatAt: later(lastHeartbeatAt) }),
    });
  }
  return finish(draft);
}
