// Collects what went wrong in one step, cut to a length that fits a payload whatever the folder holds.
import type { Trouble, Troubles } from '../model.ts';

const LISTED_MAX = 50;

export class TroubleList {
  private readonly listed: Trouble[] = [];
  private total = 0;

  add(path: string, what: string): void {
    this.total += 1;
    if (this.listed.length < LISTED_MAX) this.listed.push({ path: printable(path), what: printable(what) });
  }

  get troubles(): Troubles {
    return { listed: this.listed, total: this.total };
  }
}

/** What the system says about a path, in words. `undefined`: this is no property of the path, and may pass. */
export function troubleOf(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? ABOUT_THE_PATH[code] : undefined;
}

const ABOUT_THE_PATH: Readonly<Record<string, string>> = {
  EACCES: 'may not be read',
  EPERM: 'may not be read',
  ENOENT: 'vanished while it was audited',
  ENOTDIR: 'vanished while it was audited',
  EISDIR: 'is a directory',
  ELOOP: 'is a loop of symbolic links',
  ENAMETOOLONG: 'has a name that is too long',
  ENXIO: 'is no ordinary file',
  ENODEV: 'is no ordinary file',
};

/** File names may hold anything; a report and a terminal may not. */
function printable(text: string): string {
  return [...text].map((char) => (char < ' ' || char === '\u007f' ? '\ufffd' : char)).join('');
}
