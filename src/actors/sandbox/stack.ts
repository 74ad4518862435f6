// Stack traces of workflow code: from lines of the bundle to lines of the user's files. Shard thread, when a failure is recorded.
import { SourceMap } from '../../common/source-map';

/** The script's file name in V8's stack traces. */
export const scriptName = (hash: string): string => `workflow-bundle-${hash}.js`;

const POSITION = /workflow-bundle-[\da-zA-Z]+\.js:(\d+):(\d+)/;
/** Nothing that a user could do something about. */
const INTERNAL = /\btroupe\/actors\/sandbox\/in-realm\/(loader|index|async-context)\.[cm]?[tj]s:/;

export class StackMapper {
  readonly #json: string | undefined;
  #map: SourceMap | undefined;

  constructor(json: string | undefined) {
    this.#json = json;
  }

  /** Frames of the host and of the loader are left out; other lines stay as they are. */
  mapStack(stack: string): string {
    return stack
      .split('\n')
      .map((line) => (/^\s+at /.test(line) ? this.#mapFrame(line) : line))
      .filter((line) => line !== undefined)
      .join('\n');
  }

  /** The first frame's position. */
  topPosition(stack: string): string | undefined {
    for (const line of stack.split('\n')) {
      const frame = this.#mapFrame(line);
      const position = frame === undefined ? undefined : /\(?([^\s()]+:\d+:\d+)\)?$/.exec(frame)?.[1];
      if (position !== undefined && !position.startsWith('troupe/')) return position;
    }
    return undefined;
  }

  #mapFrame(line: string): string | undefined {
    const found = POSITION.exec(line);
    if (found === null) return undefined;
    // V8 counts from 1, maps from 0.
    const position = this.#sourceMap()?.find(Number(found[1]) - 1, Number(found[2]) - 1);
    if (position === undefined) return line;
    const mapped = line.replace(
      POSITION,
      () => `${position.source}:${position.line + 1}:${position.column + 1}`,
    );
    return INTERNAL.test(mapped) ? undefined : mapped;
  }

  #sourceMap(): SourceMap | undefined {
    if (this.#json !== undefined) this.#map ??= parse(this.#json);
    return this.#map;
  }
}

/** A damaged map costs the mapping, not the failure that is being recorded. */
function parse(json: string): SourceMap | undefined {
  try {
    return new SourceMap(json);
  } catch {
    return undefined;
  }
}
