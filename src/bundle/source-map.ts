// Source maps of a bundle: one per module as esbuild made it, put together as an index map whose sections begin at the lines
// where the modules do. Pure.

interface PlainMap {
  readonly sources: readonly string[];
  readonly names?: readonly string[];
  readonly mappings: string;
}

export interface MapSection {
  readonly offset: { readonly line: number; readonly column: 0 };
  readonly map: { readonly version: 3 } & PlainMap;
}

/**
 * One module's map, without the lines (from 0) that the linker took out. `rename` is given the sources as esbuild wrote them.
 */
export function sectionOf(
  mapText: string,
  firstLine: number,
  removedLines: ReadonlySet<number>,
  rename: (source: string) => string,
): MapSection {
  const { sources, names = [], mappings } = JSON.parse(mapText) as PlainMap;
  const kept = mappings.split(';').filter((_segments, line) => !removedLines.has(line));
  return {
    offset: { line: firstLine, column: 0 },
    map: { version: 3, sources: sources.map(rename), names, mappings: kept.join(';') },
  };
}

export const indexMap = (file: string, sections: readonly MapSection[]): string =>
  JSON.stringify({ version: 3, file, sections });
