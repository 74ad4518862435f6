// The guard inside every bench: no answer may be given before the commit that it stands on is durable. The one file that
// knows how the engine tells its commit numbers.
import type { Troupe } from 'troupe';

export class DurabilityGuard {
  private answers = 0;

  constructor(private readonly troupe: Troupe) {}

  /** To be called when an answer has arrived. @throws when the newest answered commit is not durable yet. */
  check(): void {
    const { durable, answered } = this.troupe.stats().commits;
    if (answered > durable) {
      throw new Error(
        `an answer stands on commit ${answered}, and only ${durable} is durable: no figure is valid`,
      );
    }
    this.answers += 1;
  }

  /** Answers that were checked. */
  get checked(): number {
    return this.answers;
  }
}
