// Numbered switches of the workflow side, with Temporal's numbers: recorded in a run when first used. Pure.

/** Cancelling a non-cancellable scope leaves its children alone; timers of scopes and `setTimeout` are cancelled with them. */
export const FLAG_SHIELDED_SCOPES = 1;
/** Signals and everything else of one activation are one batch. */
export const FLAG_SINGLE_BATCH = 2;
