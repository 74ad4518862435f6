// Options that nobody reads are mistakes: a word that is misspelt would be passed over in silence. Pure.
import { ValueError } from './errors';

/** Every option of T, by name. Its type is what keeps it complete. */
export type KnownOptions<T> = { readonly [K in keyof Required<T>]: true };

/** @throws {ValueError} no object, or an option that `taker` does not know: names it, and the one that may be meant. */
export function assertKnownOptions<T extends object>(taker: string, given: T, known: KnownOptions<T>): void {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw new ValueError(`${taker}: options are an object of names and values`);
  }
  const names = Object.keys(known);
  for (const name of Object.keys(given)) {
    if (Object.hasOwn(known, name)) continue;
    const meant = closest(name, names);
    const hint = meant === undefined ? `It knows ${names.join(', ')}` : `Is '${meant}' meant?`;
    throw new ValueError(`${taker} has no option '${name}'. ${hint}`);
  }
}

/** Of those that differ in so few letters that a slip is likely. */
function closest(name: string, names: readonly string[]): string | undefined {
  let best: string | undefined;
  let least = Math.max(2, Math.floor(name.length / 3)) + 1;
  for (const candidate of names) {
    const changes = changesBetween(name.toLowerCase(), candidate.toLowerCase());
    if (changes >= least) continue;
    least = changes;
    best = candidate;
  }
  return best;
}

/** Letters to be inserted, removed or replaced: the Levenshtein distance. */
function changesBetween(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const replaced = (row[j - 1] as number) + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    row = next;
  }
  return row[to.length] as number;
}
