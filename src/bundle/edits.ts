// Replacing parts of a text by position. Pure.

export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Of edits that overlap the first counts. The result ends with a line break. */
export function applyEdits(code: string, edits: readonly Edit[]): string {
  let out = '';
  let at = 0;
  for (const { start, end, text } of [...edits].sort((a, b) => a.start - b.start)) {
    if (start < at) continue;
    out += code.slice(at, start) + text;
    at = end;
  }
  const rest = code.slice(at);
  return out + rest + (rest === '' || rest.endsWith('\n') ? '' : '\n');
}

/** The line, from 0. */
export function lineAt(code: string, position: number): number {
  let line = 0;
  for (let at = code.indexOf('\n'); at !== -1 && at < position; at = code.indexOf('\n', at + 1)) line++;
  return line;
}
