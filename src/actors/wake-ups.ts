// The wake-ups that the runs of one batch ask for. Of a run's only the last one counts, and it leaves only where it changes what the
// host has: a turn that begins and ends in one drain has put its timeout up and taken it down again. Shard thread.
import type { Effect } from '../model/effect';
import type { RunId } from '../model/ids';
import type { WakeUpChange } from './history/decision';

export class WakeUps {
  /** `was`: what the host has. */
  readonly #changed = new Map<RunId, WakeUpChange>();

  /** The host's wake-up of this run has fired: it does not have what the decisions so far built on. */
  fired(runId: RunId): void {
    const earlier = this.#changed.get(runId);
    if (earlier !== undefined) this.#changed.set(runId, { ...earlier, was: 'unknown' });
  }

  add(wakeUp: WakeUpChange): void {
    const { runId } = wakeUp.execution;
    const earlier = this.#changed.get(runId);
    // One that does not follow the earlier one knows better: with the run's end the host's wake-up goes by itself.
    const follows = earlier !== undefined && wakeUp.was === earlier.at;
    const was = follows ? earlier.was : wakeUp.was;
    if (wakeUp.at === was) this.#changed.delete(runId);
    else this.#changed.set(runId, follows ? { ...wakeUp, was } : wakeUp);
  }

  moveTo(effects: Effect[]): void {
    for (const wakeUp of this.#changed.values()) effects.push(wakeUp);
    this.#changed.clear();
  }
}
