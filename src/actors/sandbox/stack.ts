// Stack traces of workflow code: from lines of the bundle to lines of the user's files. Shard thread, when a failure is recorded.
import { SourceMap } from '../../common/source-map';

/** The script's file name in V8's stack traces. */
export const scriptName = (hash: string): string => `workflow-bundle-${hash}.js`;

const POSITION = /workflow-bundle-[\da-zA-Z]+\.js:(\d+):(\d+)/;
/** Nothing that a user could do something about. */
const INTERNAL = /\btroupe\/actors\/sandbox\/in-realm\/(loader|index|async-context|tracer)\.[cm]?[tj]s:/;

/** A frame of this package, or of a place that has no mapping. */
const PACKAGE = /[(\s]troupe\/|workflow-bundle-[\da-zA-Z]+\.js:/;

export class StackMapper {
  readonly #json: string | undefined;
  #map: SourceMap | undefined;

  constructor(json: string | undefined) {
    this.#json = json;
  }

  /**
   * Frames of the host and of the loader are left out; other lines stay as they are. So does the whole of a stack from elsewhere:
   * an activity's failure on its way through a workflow.
   */
  mapStack(stack: string): string {
    if (!POSITION.test(stack)) return stack;
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

  /**
   * The topmost frame in a file of the user's own, without its `at`. Interceptors, and what users have installed, count where there
   * is nothing else.
   */
  userFrame(stack: string): string | undefined {
    const frames = this.#frames(stack);
    const theirs = frames.filter((frame) => !PACKAGE.test(frame));
    const top =
      theirs.find((frame) => !/\bnode_modules\//.test(frame) && !isOfInterceptor(frames, frame)) ?? theirs[0];
    return top?.trim().replace(/^at (async )?/, '');
  }

  userStacks(stacks: string): readonly string[] {
    const found = new Set<string>();
    for (const stack of stacks.split('\n\n')) {
      const frames = this.#frames(stack);
      if (frames[0] === undefined || PACKAGE.test(frames[0])) continue;
      found.add(frames.filter((frame) => !PACKAGE.test(frame)).join('\n'));
    }
    // Who awaits an async function stands in its stack, too.
    const all = [...found];
    return all.filter((stack) => !all.some((other) => other.endsWith(`\n${stack}`)));
  }

  #frames(stack: string): readonly string[] {
    return stack.split('\n').flatMap((line) => this.#mapFrame(line) ?? []);
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

/** The package's next frame below it is what puts interceptors in front of each other. */
function isOfInterceptor(frames: readonly string[], frame: string): boolean {
  const below = frames.slice(frames.indexOf(frame)).find((other) => PACKAGE.test(other));
  return below !== undefined && /[(\s]troupe\/common\/interceptors\.[cm]?[jt]s:/.test(below);
}

/** A damaged map costs the mapping, not the failure that is being recorded. */
function parse(json: string): SourceMap | undefined {
  try {
    return new SourceMap(json);
  } catch {
    return undefined;
  }
}
