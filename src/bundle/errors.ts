// What is wrong with workflow code before it ever runs: found while bundling, told with the way it came in and the way out.

/** One file (or module) of an import chain, from the user's entry to the culprit. */
export interface ChainLink {
  /** Relative to the working directory, or the name of a package. */
  readonly name: string;
  /** Where it imports the next link. */
  readonly line?: number;
}

export interface BundleProblem {
  /** What is wrong, in one line. */
  readonly message: string;
  readonly chain: readonly ChainLink[];
  /** What to write instead, in one line. */
  readonly fix?: string;
}

/** Workflow code that cannot be bundled. */
export class BundleError extends Error {
  override readonly name = 'BundleError';
  readonly problems: readonly BundleProblem[];

  constructor(problems: readonly BundleProblem[]) {
    super(problems.map(describe).join('\n'));
    this.problems = problems;
  }
}

function describe({ message, chain, fix }: BundleProblem): string {
  const lines = [message];
  if (chain.length > 0) lines.push(`  ${chain.map(describeLink).join(' → ')}`);
  if (fix !== undefined) lines.push(`  ${fix}`);
  return lines.join('\n');
}

const describeLink = ({ name, line }: ChainLink): string => (line === undefined ? name : `${name}:${line}`);
