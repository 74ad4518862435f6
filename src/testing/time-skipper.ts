// Moves a test environment's clock while somebody waits: whenever nothing is on its way and no activity runs, to the next moment
// at which something is due. Host thread.
import type { Engine } from '../scheduler/engine';
import type { SkippingClock } from '../scheduler/skipping-clock';

export class TimeSkipper {
  readonly #clock: SkippingClock;
  readonly #engine: Pick<Engine, 'whenIdle' | 'runningActivities'>;
  #waiting = 0;
  #isLooking = false;
  #stopped = false;

  constructor(clock: SkippingClock, engine: Pick<Engine, 'whenIdle' | 'runningActivities'>) {
    this.#clock = clock;
    this.#engine = engine;
  }

  /** Time may jump until the promise is settled. */
  async during<T>(wait: () => Promise<T>): Promise<T> {
    this.#waiting += 1;
    this.#look();
    try {
      return await wait();
    } finally {
      this.#waiting -= 1;
    }
  }

  stop(): void {
    this.#stopped = true;
  }

  #look(): void {
    if (this.#isLooking) return;
    this.#isLooking = true;
    void this.#skip().finally(() => {
      this.#isLooking = false;
      // Somebody may have begun to wait just when the last one had ended.
      if (this.#waiting > 0 && !this.#stopped) this.#look();
    });
  }

  async #skip(): Promise<void> {
    while (this.#waiting > 0 && !this.#stopped) {
      await this.#engine.whenIdle();
      // Whoever was answered last may have more to ask: let all that is ready in this process happen first.
      await this.#turnOfTheLoop();
      await this.#engine.whenIdle();
      if (this.#waiting === 0 || this.#stopped) return;
      if (this.#engine.runningActivities > 0 || !this.#clock.skipToNext()) await this.#pause();
    }
  }

  #turnOfTheLoop(): Promise<void> {
    return new Promise((resolve) => this.#clock.soon(() => this.#clock.soon(resolve)));
  }

  /** Nothing to jump to: something outside has to happen first. */
  #pause(): Promise<void> {
    return new Promise((resolve) => {
      this.#clock.setTimer(5, resolve);
    });
  }
}
