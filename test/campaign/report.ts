// What a campaign counted: printed for people, and handed to the script that keeps the ledger (scripts/lib/campaign-ledger.mjs).
// Called before anything is expected, so that a campaign that fails is counted too.
import { appendFileSync } from 'node:fs';

/** Something that must never happen, with the invariant it breaks. */
export interface Fault {
  /** I1–I28, or `live`: what must happen in the end did not. */
  readonly invariant: string;
  readonly what: string;
}

export interface CampaignReport {
  readonly campaign: 'kill-9' | 'simulation' | 'replay';
  /** Where its chance came from: enough to run it again. */
  readonly seeds: { readonly first: number; readonly count: number };
  /** Sums of what happened; entries of the ledger are added up, counter by counter. */
  readonly counters: Readonly<Record<string, number>>;
  readonly faults: readonly Fault[];
  readonly startedAt: number;
}

/** Invariants whose breach means that something acknowledged, or seen, is gone. */
const LOST = new Set(['I1', 'I22']);
/** … that something happened, or was counted, more than once. */
const TWICE = new Set(['I3', 'I4', 'I10', 'I11', 'I12', 'I19']);

export function report({ campaign, seeds, counters, faults, startedAt }: CampaignReport): void {
  const count = (some: ReadonlySet<string>): number =>
    faults.filter(({ invariant }) => some.has(invariant)).length;
  const lost = count(LOST);
  const twice = count(TWICE);
  const entry = {
    campaign,
    seeds,
    counters,
    lost,
    twice,
    otherFaults: faults.length - lost - twice,
    seconds: Math.round((Date.now() - startedAt) / 1_000),
  };
  const line = JSON.stringify(entry);
  console.log(`campaign ${line}`);
  const file = process.env['TROUPE_CAMPAIGN_REPORT'];
  if (file !== undefined) appendFileSync(file, `${line}\n`);
}
