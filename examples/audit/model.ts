// What the audit's workflows, activities and report say to each other. Types and plain data only: workflow code imports it.

/**
 * installed: stands in a node_modules; link: a link that stands there; own: a folder elsewhere with a manifest;
 * whole: a folder without any manifest.
 */
export type PackageKind = 'installed' | 'link' | 'own' | 'whole';

/** One package of the plan. */
export interface PackageRef {
  /** Its place in the plan; its child workflow and its result are named after it. */
  readonly index: number;
  /** Relative to the audited folder, with `/`; `.` is the folder itself. */
  readonly path: string;
  readonly kind: PackageKind;
}

/** A line of the report: something that could not be audited as it should. */
export interface Trouble {
  /** Relative to the package, with `/`; `.` is the package itself. */
  readonly path: string;
  readonly what: string;
}

/** Troubles of one step, cut to a length that fits a payload. */
export interface Troubles {
  readonly listed: readonly Trouble[];
  readonly total: number;
}

export interface Manifest {
  readonly name: string;
  readonly version: string;
  /** What the manifest says about the licence, as one expression. */
  readonly declaredLicence?: string;
  readonly troubles: Troubles;
}

export interface HashedFiles {
  readonly files: number;
  readonly bytes: number;
  /** The digests themselves are in a file of the data folder: they would not fit a payload. */
  readonly troubles: Troubles;
}

export interface Sizes {
  readonly rawBytes: number;
  readonly compressedBytes: number;
}

export type LicenceKind =
  'public domain' | 'permissive' | 'weak copyleft' | 'copyleft' | 'proprietary' | 'unknown';

export interface Licence {
  readonly id: string;
  readonly kind: LicenceKind;
  readonly source: 'manifest' | 'licence file' | 'nothing';
}

/** What became of a licence that nobody knows. */
export type Review = 'approved' | 'nobody answered';

export interface PackageResult {
  readonly pkg: PackageRef;
  readonly name: string;
  readonly version: string;
  readonly files: number;
  readonly bytes: number;
  readonly rawBytes: number;
  readonly compressedBytes: number;
  readonly licence: Licence;
  readonly review?: Review;
  readonly troubles: Troubles;
  /** Set when a step failed for good: the figures are incomplete. */
  readonly failure?: string;
}

/** Sums over the packages that are done. All that the parent workflow keeps of them. */
export interface Tally {
  readonly packages: number;
  readonly failed: number;
  readonly files: number;
  readonly rawBytes: number;
  readonly compressedBytes: number;
  readonly troubles: number;
}
export const EMPTY_TALLY: Tally = {
  packages: 0,
  failed: 0,
  files: 0,
  rawBytes: 0,
  compressedBytes: 0,
  troubles: 0,
};

/** A package whose licence waits for a decision. */
export interface Question {
  readonly workflowId: string;
  readonly name: string;
  readonly licence: string;
}

/** The answer to the query `progress`. */
export interface Progress {
  readonly phase: 'planning' | 'auditing' | 'done';
  /** Absent while the folder is still being searched. */
  readonly total?: number;
  readonly tally: Tally;
  readonly running: number;
  readonly questions: readonly Question[];
}

/** Which audit, and of what. Given to every activity. */
export interface AuditRef {
  readonly id: string;
  /** Absolute path of the audited folder. */
  readonly folder: string;
}

export interface AuditInput {
  readonly audit: AuditRef;
  /** Packages in work at once. */
  readonly window: number;
  /** How long an unknown licence waits for `approve`. */
  readonly licenceWaitMs: number;
  /** Set by continue-as-new: where the run before it stopped. */
  readonly resumeAt?: { readonly next: number; readonly total: number; readonly tally: Tally };
}

export interface PackageInput {
  readonly audit: AuditRef;
  readonly pkg: PackageRef;
  /** Packages in the plan. */
  readonly total: number;
  readonly licenceWaitMs: number;
}
