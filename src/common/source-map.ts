// Reads source maps, plain and sectioned: from a position in generated code to the one in its source. Pure. A section is decoded
// when a position in it is first asked for. Lines and columns count from 0 in here, as in the format.

interface PlainMap {
  readonly sources: readonly (string | null)[];
  readonly mappings: string;
}

interface Section {
  readonly offset: { readonly line: number; readonly column: number };
  readonly map: PlainMap;
}

export interface SourcePosition {
  readonly source: string;
  readonly line: number;
  readonly column: number;
}

/** [generated column, source, line, column] of one mapping; shorter ones, without a source, are left out. */
type Segment = readonly [column: number, source: number, sourceLine: number, sourceColumn: number];

export class SourceMap {
  readonly #sections: readonly Section[];
  readonly #decoded = new Map<Section, readonly (readonly Segment[])[]>();

  /** @throws SyntaxError the text is no JSON. */
  constructor(json: string) {
    const map = JSON.parse(json) as PlainMap & { readonly sections?: readonly Section[] };
    this.#sections = map.sections ?? [{ offset: { line: 0, column: 0 }, map }];
  }

  /** The nearest mapping at or before the column, on the same line. */
  find(line: number, column: number): SourcePosition | undefined {
    const section = this.#sectionAt(line);
    if (section === undefined) return undefined;
    const segments = this.#linesOf(section)[line - section.offset.line] ?? [];
    let found: Segment | undefined;
    for (const segment of segments) {
      if (segment[0] > column) break;
      found = segment;
    }
    const [, source, sourceLine, sourceColumn] = found ?? segments[0] ?? [];
    if (source === undefined || sourceLine === undefined || sourceColumn === undefined) return undefined;
    const name = section.map.sources[source];
    return name === undefined || name === null
      ? undefined
      : { source: name, line: sourceLine, column: sourceColumn };
  }

  #sectionAt(line: number): Section | undefined {
    let found: Section | undefined;
    for (const section of this.#sections) {
      if (section.offset.line > line) break;
      found = section;
    }
    return found;
  }

  #linesOf(section: Section): readonly (readonly Segment[])[] {
    const known = this.#decoded.get(section);
    if (known !== undefined) return known;
    const lines = decodeMappings(section.map.mappings);
    this.#decoded.set(section, lines);
    return lines;
  }
}

function decodeMappings(mappings: string): readonly (readonly Segment[])[] {
  let source = 0;
  let sourceLine = 0;
  let sourceColumn = 0;
  return mappings.split(';').map((line) => {
    let column = 0;
    const segments: Segment[] = [];
    for (const encoded of line === '' ? [] : line.split(',')) {
      const [columnStep = 0, sourceStep, lineStep = 0, sourceColumnStep = 0] = decodeNumbers(encoded);
      column += columnStep;
      if (sourceStep === undefined) continue;
      source += sourceStep;
      sourceLine += lineStep;
      sourceColumn += sourceColumnStep;
      segments.push([column, source, sourceLine, sourceColumn]);
    }
    return segments;
  });
}

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Base64 digits of five bits each, least significant first; the sixth says that more follow; the number's lowest bit is its sign. */
function decodeNumbers(encoded: string): number[] {
  const numbers: number[] = [];
  let value = 0;
  let shift = 0;
  for (const character of encoded) {
    const digit = DIGITS.indexOf(character);
    value += (digit & 31) * 2 ** shift;
    if ((digit & 32) !== 0) {
      shift += 5;
      continue;
    }
    numbers.push(value % 2 === 1 ? -(value - 1) / 2 : value / 2);
    value = 0;
    shift = 0;
  }
  return numbers;
}
