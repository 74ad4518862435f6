// Random workflow programs, as data: one workflow interprets them all, so a failing case is a value that can be kept.
// Imported by workflow code too: pure.

export type Step =
  /** An activity that fails `failures` times before it succeeds with `value`. */
  | { readonly kind: 'activity'; readonly value: number; readonly failures: number }
  | { readonly kind: 'timer'; readonly ms: number }
  /** Waits for the next signal `poke`, for so long at most. */
  | { readonly kind: 'poke'; readonly ms: number }
  | { readonly kind: 'child'; readonly id: string; readonly steps: readonly Step[] }
  | { readonly kind: 'all'; readonly branches: readonly (readonly Step[])[] }
  /** The first branch wins, the others are cancelled. */
  | { readonly kind: 'race'; readonly branches: readonly (readonly Step[])[] }
  /** A scope that is cancelled after so long. */
  | { readonly kind: 'scope'; readonly ms: number; readonly steps: readonly Step[] }
  | { readonly kind: 'random' }
  /** A signal `poke` to another workflow, which may not exist. */
  | { readonly kind: 'signalOther'; readonly workflowId: string }
  /** The run ends here and the rest is the next run's. */
  | { readonly kind: 'continueAsNew' };

export type Program = readonly Step[];

/** What the interpreter answers to the query `seen`. */
export interface Seen {
  readonly runId: string;
  /** Values of all signals that this run has taken in, in their order. */
  readonly received: readonly string[];
}
