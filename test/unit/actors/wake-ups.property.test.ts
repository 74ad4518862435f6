// Whatever a drain decides about when runs are due: the host ends with what was decided last, and hears of nothing that it has.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { WakeUps } from '../../../src/actors/wake-ups';
import type { WakeUpChange } from '../../../src/actors/history/decision';
import type { Effect } from '../../../src/model/effect';
import { namespace, runId, workflowId, type RunId } from '../../../src/model/ids';

/** What happens to one run in a drain. `fired`: the host's wake-up did so before the drain, and its message is handled now. */
type Step = { readonly kind: 'due'; readonly at: number | undefined } | { readonly kind: 'fired' };

const moment = fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: moment.map((at): Step => ({ kind: 'due', at })) },
  fc.constant<Step>({ kind: 'fired' }),
);
const run = fc.record({
  /** What the host has when the drain begins. */
  host: moment,
  /** The run was loaded in this drain: what the host has is not known. */
  isLoaded: fc.boolean(),
  steps: fc.array(step, { maxLength: 8 }),
  isClosed: fc.boolean(),
});

test('the host ends with what was decided last, and hears only of changes', () => {
  fc.assert(
    fc.property(fc.array(run, { maxLength: 4 }), (runs) => {
      const wakeUps = new WakeUps();
      const host = new Map<RunId, number>();
      const wanted = new Map<RunId, number>();
      const before = new Map<RunId, number>();
      const firedOrLoaded = new Set<RunId>();
      runs.forEach(({ host: at, isLoaded, steps, isClosed }, index) => {
        const id = runId(`run-${index}`);
        const hasFired = steps.some(({ kind }) => kind === 'fired');
        if (at !== undefined && !hasFired) host.set(id, at);
        if (host.has(id)) before.set(id, at as number);
        if (hasFired || isLoaded || isClosed) firedOrLoaded.add(id);
        let told: number | undefined | 'unknown' = isLoaded ? 'unknown' : at;
        let due = at;
        const decide = (now: number | undefined, was = told): void => {
          due = now;
          if (now !== told) wakeUps.add(change(id, now, was));
          told = now;
        };
        if (isLoaded) decide(due);
        for (const each of steps) {
          if (each.kind === 'due') {
            decide(each.at);
          } else {
            wakeUps.fired(id);
            told = undefined;
            decide(due, 'unknown');
          }
        }
        if (isClosed) {
          if (told !== undefined) wakeUps.add(change(id, undefined, undefined));
          due = undefined;
          host.delete(id);
        }
        if (due !== undefined) wanted.set(id, due);
      });
      const effects: Effect[] = [];
      wakeUps.moveTo(effects);
      for (const effect of effects) {
        if (effect.kind !== 'wakeAt') continue;
        const { runId: id } = effect.execution;
        if (!firedOrLoaded.has(id)) expect(effect.at).not.toBe(before.get(id));
        if (effect.at === undefined) host.delete(id);
        else host.set(id, effect.at);
      }
      for (const [id, at] of wanted) expect(host.get(id)).toBe(at);
      runs.forEach(({ isClosed }, index) => {
        if (isClosed) expect(host.has(runId(`run-${index}`))).toBe(false);
      });
      wakeUps.moveTo(effects);
      expect(new Set(effects).size).toBe(effects.length);
    }),
  );
});

const change = (id: RunId, at: number | undefined, was: number | undefined | 'unknown'): WakeUpChange => ({
  kind: 'wakeAt',
  namespace: namespace('default'),
  execution: { workflowId: workflowId('w'), runId: id },
  ...(at !== undefined && { at }),
  was,
});
