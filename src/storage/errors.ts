// Every way in which a store refuses to open or breaks. Host thread. A message says what was found and what to do next.

export type StoreErrorKind =
  | 'thread'
  | 'locked'
  | 'damaged'
  | 'format'
  | 'unavailable'
  | 'fenced'
  | 'closed'
  | 'poisoned'
  | 'commitAbsent'
  | 'commitUnknown';

export abstract class StoreError extends Error {
  abstract readonly kind: StoreErrorKind;
}

/** LMDB in a thread that is killed can hang or abort the whole process, so it is opened on the main thread only. */
export class StoreThreadError extends StoreError {
  override readonly name = 'StoreThreadError';
  readonly kind = 'thread';

  constructor() {
    super(
      'A folder can be opened on the main thread of a process only: in a worker thread use the memory store, ' +
        'or a test runner that starts processes (vitest: pool "forks").',
    );
  }
}

/** Who holds a folder, as its LOCK file tells. */
export interface StoreOwner {
  readonly pid: number;
  readonly host: string;
  /** ISO 8601. */
  readonly since: string;
}

export class StoreLockedError extends StoreError {
  override readonly name = 'StoreLockedError';
  readonly kind = 'locked';

  constructor(
    readonly path: string,
    /** Absent: the LOCK file is beaten by somebody, but cannot be read. */
    readonly owner: StoreOwner | undefined,
  ) {
    const holder = owner
      ? `process ${owner.pid} on ${owner.host} (since ${owner.since})`
      : 'another process (its LOCK file cannot be read)';
    super(
      `${path} is open in ${holder}. Close it there, or open with waitForOwner to take over when it ends.`,
    );
  }
}

/** The folder does not hold what it held. Nothing was opened and nothing was changed. */
export class StoreDamagedError extends StoreError {
  override readonly name = 'StoreDamagedError';
  readonly kind = 'damaged';

  constructor(
    readonly file: string,
    readonly found: string,
    remedy: string,
  ) {
    super(`${file}: ${found}. ${remedy}`);
  }
}

export class StoreFormatError extends StoreError {
  override readonly name = 'StoreFormatError';
  readonly kind = 'format';

  constructor(
    readonly path: string,
    readonly foundVersion: number,
    readonly supportedVersion: number,
  ) {
    super(
      `${path} has store format ${foundVersion}, this version of Troupe reads format ${supportedVersion}. ` +
        'Open it with the version of Troupe that wrote it, or a newer one.',
    );
  }
}

export type UnavailableReason = 'notAFolder' | 'notWritable' | 'noSpace' | 'inputOutput';

/** The folder cannot be used as it is; it may be whole. */
export class StoreUnavailableError extends StoreError {
  override readonly name = 'StoreUnavailableError';
  readonly kind = 'unavailable';

  constructor(
    readonly path: string,
    readonly reason: UnavailableReason,
    detail: string,
    options?: ErrorOptions,
  ) {
    super(`${path} cannot be used: ${detail}`, options);
  }
}

/** Another owner has taken the store over: nothing of the refused commit is there, and this process must stop. */
export class StoreFencedError extends StoreError {
  override readonly name = 'StoreFencedError';
  readonly kind = 'fenced';

  constructor(path: string, detail: string) {
    super(`${path} was taken over by another owner: ${detail}`);
  }
}

export class StoreClosedError extends StoreError {
  override readonly name = 'StoreClosedError';
  readonly kind = 'closed';

  constructor(path: string) {
    super(`${path} is closed`);
  }
}

/** The store failed before, as `cause` tells, and is never touched again by this process. */
export class StorePoisonedError extends StoreError {
  override readonly name = 'StorePoisonedError';
  readonly kind = 'poisoned';

  constructor(path: string, cause: StoreError) {
    super(`${path} failed and is out of use until this process is started anew: ${cause.message}`, { cause });
  }
}

/** Nothing of the commit is there, and the store goes on: the disk was full. */
export class CommitAbsentError extends StoreError {
  override readonly name = 'CommitAbsentError';
  readonly kind = 'commitAbsent';

  constructor(path: string, options?: ErrorOptions) {
    super(`${path}: the disk is full, nothing of the commit was written`, options);
  }
}

/** All of the commit may be there, or nothing: only a new opening can tell. */
export class CommitUnknownError extends StoreError {
  override readonly name = 'CommitUnknownError';
  readonly kind = 'commitUnknown';

  constructor(path: string, detail: string, options?: ErrorOptions) {
    super(`${path}: the outcome of a commit is unknown: ${detail}`, options);
  }
}
