// Numbered switches of behaviour, recorded in a run when first used, so that an old history replays as it ran. Pure.
// `core` flags are about commands and events (this folder obeys them), `lang` flags about workflow code (the engine does).
import type { SdkMetadata } from '../../model/event';
import type { Mutable } from '../../model/mutable';

/** The ids and types of activities and children are compared with their events. */
export const FLAG_COMPARE_IDS_AND_TYPES = 1;
/** A patch also upserts the search attribute `TemporalChangeVersion`. */
export const FLAG_UPSERT_ON_PATCH = 2;
/** The command that ends the workflow goes behind the others of its activation; without it they are cut off. */
export const FLAG_MOVE_TERMINAL_COMMANDS = 3;

/** What every turn of ours uses. */
const CORE_FLAGS_IN_USE: readonly number[] = [
  FLAG_COMPARE_IDS_AND_TYPES,
  FLAG_UPSERT_ON_PATCH,
  FLAG_MOVE_TERMINAL_COMMANDS,
];

/** Who runs turns: recorded in a run when it changes. */
export interface SdkIdentity {
  readonly name: string;
  readonly version: string;
}

const NONE: readonly number[] = [];

/** The flags of one run, as far as its history is read. */
export class RunFlags {
  private core = NONE;
  private lang = NONE;
  private sdkName: string | undefined;
  private sdkVersion: string | undefined;

  /** A completed task's record; read before that task is replayed. */
  learn(metadata: SdkMetadata | undefined): void {
    if (metadata === undefined) return;
    this.core = union(this.core, metadata.coreUsedFlags);
    this.lang = union(this.lang, metadata.langUsedFlags);
    this.sdkName = metadata.sdkName ?? this.sdkName;
    this.sdkVersion = metadata.sdkVersion ?? this.sdkVersion;
  }

  /** Whether a core flag holds: always in a new turn, on replay only if the run recorded it. */
  holds(flag: number, isReplaying: boolean): boolean {
    return !isReplaying || this.core.includes(flag);
  }

  get availableToCode(): readonly number[] {
    return this.lang;
  }

  /** What a new turn's completion has to record; absent when nothing is new. */
  take(langUsed: readonly number[], sdk: SdkIdentity | undefined): SdkMetadata | undefined {
    const coreNew = without(CORE_FLAGS_IN_USE, this.core);
    const langNew = without(langUsed, this.lang);
    const isNewSdk = sdk !== undefined && (sdk.name !== this.sdkName || sdk.version !== this.sdkVersion);
    if (coreNew.length === 0 && langNew.length === 0 && !isNewSdk) return undefined;
    const metadata: Mutable<SdkMetadata> = {};
    if (coreNew.length > 0) metadata.coreUsedFlags = coreNew;
    if (langNew.length > 0) metadata.langUsedFlags = langNew;
    if (isNewSdk) {
      metadata.sdkName = sdk.name;
      metadata.sdkVersion = sdk.version;
    }
    this.learn(metadata);
    return metadata;
  }
}

/** A list that nothing was taken from is the same list. */
function without(flags: readonly number[], known: readonly number[]): readonly number[] {
  return known.length === 0 ? flags : flags.filter((flag) => !known.includes(flag));
}

function union(known: readonly number[], more: readonly number[] | undefined): readonly number[] {
  if (more === undefined || more.every((flag) => known.includes(flag))) return known;
  return [...new Set([...known, ...more])];
}
