// How a module came into the bundle: the shortest way from an entry, with the lines of the imports. Host only.
import { readFileSync } from 'node:fs';
import type { ChainLink } from './errors';
import { displayName, type SourceModule } from './modules';

interface Step {
  readonly importer: string;
  readonly specifier: string;
}

export class ImportChains {
  /** For each module, whence it was reached first; entries have none. */
  readonly #reachedFrom = new Map<string, Step | undefined>();

  constructor(modules: ReadonlyMap<string, SourceModule>, entries: Iterable<string>) {
    const queue = [...new Set(entries)];
    for (const key of queue) this.#reachedFrom.set(key, undefined);
    for (const importer of queue) {
      for (const { target, specifier } of modules.get(importer)?.imports ?? []) {
        if (target === undefined || this.#reachedFrom.has(target)) continue;
        this.#reachedFrom.set(target, { importer, specifier });
        queue.push(target);
      }
    }
  }

  /** From the entry to `key`, and on to what it imports as `specifier` or says in `line`. */
  to(key: string, last: { readonly specifier: string } | { readonly line: number }): readonly ChainLink[] {
    const line = 'line' in last ? last.line : lineOf(key, last.specifier);
    const links: ChainLink[] = [link(key, line)];
    for (
      let step = this.#reachedFrom.get(key);
      step !== undefined;
      step = this.#reachedFrom.get(step.importer)
    ) {
      links.unshift(link(step.importer, lineOf(step.importer, step.specifier)));
    }
    return 'line' in last ? links : [...links, { name: last.specifier }];
  }

  /** The first import on the way: what the user's own file says. */
  firstStep(key: string): Step | undefined {
    let first: Step | undefined;
    for (
      let step = this.#reachedFrom.get(key);
      step !== undefined;
      step = this.#reachedFrom.get(step.importer)
    ) {
      first = step;
    }
    return first;
  }
}

const link = (key: string, line: number | undefined): ChainLink =>
  line === undefined ? { name: displayName(key) } : { name: displayName(key), line };

/** The line that mentions the specifier as a string. */
function lineOf(key: string, specifier: string): number | undefined {
  const text = readSource(key);
  const quoted = ['"', "'", '`'].map((quote) => quote + specifier + quote);
  const index = text?.split('\n').findIndex((line) => quoted.some((wanted) => line.includes(wanted))) ?? -1;
  return index === -1 ? undefined : index + 1;
}

function readSource(key: string): string | undefined {
  try {
    return readFileSync(key, 'utf8');
  } catch {
    return undefined;
  }
}
