// Where a command's lines go.

export interface Output {
  /** What was asked for. */
  readonly print: (line: string) => void;
  /** What goes beside it: a program that reads the output does not see it. */
  readonly complain: (line: string) => void;
}
