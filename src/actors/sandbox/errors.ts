// A bundle that no realm can be made of. Shard thread.

/** The workflow code throws when it is loaded. */
export class RealmError extends Error {
  override readonly name = 'RealmError';
  /** Where it was thrown, as `file:line:column` of the user's sources. */
  readonly file: string | undefined;
  readonly reason: string;

  constructor(bundleName: string, reason: string, file: string | undefined) {
    super(
      `The workflow bundle '${bundleName}' cannot be loaded: ${reason}${file === undefined ? '' : ` (${file})`}`,
    );
    this.file = file;
    this.reason = reason;
  }
}
