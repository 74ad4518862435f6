// Where a bundle's executions live: one frozen V8 context for all of them, or, for code that cannot live with that, one for each.
// Shard thread. Which it is, two trial loadings decide when the realm is made.
import { Script } from 'node:vm';
import type { DurationMs } from '../../model/time';
import type { WorkflowBundleCode } from '../../model/worker';
import { LoadingTakesTooLong, openContext, type RealmContext } from './context';
import { RealmError } from './errors';
import { inTurn, RealmInstance, type Instance, type TracedInstance } from './instance';
import { scriptName, StackMapper } from './stack';
import { acquireThreadHooks, releaseThreadHooks } from './thread-hooks';
import { messageOf, stackOf } from './thrown';

export interface Realm {
  /** `'context'`: each execution has a V8 context of its own, at 100 times the cost. */
  readonly isolation: 'shared' | 'context';
  /** With no module evaluated yet but the engine's. */
  instantiate(): Instance;
  /** An execution to be looked into: its commands and promises remember where they come from, which is slow. */
  instantiateTraced(): TracedInstance;
  /** Lines of the user's files instead of the bundle's. */
  mapStack(stack: string): string;
  /** `order (src/workflows.ts:12:9)`: the topmost frame in a file of the user's; undefined: there is none. */
  userFrame(stack: string): string | undefined;
  /**
   * Of stacks with blank lines between them those that begin in the user's code: its frames alone, each stack once, and none that
   * is the end of another.
   */
  userStacks(stacks: string): readonly string[];
  dispose(): void;
}

export interface RealmOptions {
  /** Told once when code gets `isolation: 'context'` that did not ask for it. Default: a line on standard error. */
  readonly onFallback?: (line: string) => void;
  /** How long the modules may take to load. Default: 5 s. */
  readonly loadLimitMs?: DurationMs;
}

const LOAD_LIMIT_MS_DEFAULT: DurationMs = 5_000;

/** Why code cannot share a context. */
interface Unfit {
  readonly reason: string;
  readonly file: string | undefined;
}

/** @throws {RealmError} the code throws when it is loaded. */
export function createRealm(bundle: WorkflowBundleCode, options: RealmOptions = {}): Realm {
  const { loadLimitMs = LOAD_LIMIT_MS_DEFAULT } = options;
  const mapper = new StackMapper(bundle.sourceMap);
  acquireThreadHooks();
  try {
    const script = new Script(bundle.code, { filename: scriptName(bundle.hash) });
    const opened = openTried(script, mapper, loadLimitMs);
    if (!('unfit' in opened)) return realmOver(opened, script, mapper);
    const failure = tryFirst(openContext(script, 'context'), mapper, loadLimitMs);
    if (failure !== undefined) throw new RealmError(bundle.name, failure.reason, failure.file);
    if (opened.unfit !== undefined)
      (options.onFallback ?? printLine)(fallbackLine(bundle.name, opened.unfit));
    return realmOver(undefined, script, mapper);
  } catch (error) {
    releaseThreadHooks();
    if (error instanceof RealmError) throw error;
    throw new RealmError(bundle.name, messageOf(error), mapper.topPosition(stackOf(error)));
  }
}

function realmOver(shared: RealmContext | undefined, script: Script, mapper: StackMapper): Realm {
  let isDisposed = false;
  return {
    isolation: shared === undefined ? 'context' : 'shared',
    instantiate: () => new RealmInstance(shared ?? openContext(script, 'context')),
    instantiateTraced: () => new RealmInstance(shared ?? openContext(script, 'context'), 'to look into'),
    mapStack: (stack) => mapper.mapStack(stack),
    userFrame: (stack) => mapper.userFrame(stack),
    userStacks: (stacks) => mapper.userStacks(stacks),
    dispose() {
      if (!isDisposed) releaseThreadHooks();
      isDisposed = true;
    },
  };
}

/**
 * Loads the bundle once as it likes, so that polyfills apply; freezes everything; loads it twice more as executions will.
 * `unfit` is absent for a bundle that was made for a context per execution.
 */
function openTried(
  script: Script,
  mapper: StackMapper,
  loadLimitMs: DurationMs,
): RealmContext | { readonly unfit: Unfit | undefined } {
  const context = openContext(script, 'shared');
  if (context.isolation === 'context') return { unfit: undefined };
  const { inRealm } = context;
  const atFirst = tryFirst(context, mapper, loadLimitMs);
  if (atFirst !== undefined) return { unfit: atFirst };
  const added = inRealm.addedGlobals();
  if (added !== '')
    return { unfit: { reason: `it adds ${added} to the global scope`, file: findCulprit(script, mapper) } };
  inRealm.freeze();
  const frozen = tryAlone(context, mapper) ?? tryAlone(context, mapper);
  return frozen === undefined ? context : { unfit: frozen };
}

/** @throws {LoadingTakesTooLong} */
function tryFirst(context: RealmContext, mapper: StackMapper, limitMs: DurationMs): Unfit | undefined {
  return tryWith(context, mapper, () => context.tryOutWithin(limitMs));
}

/** Once it has loaded within the limit. */
function tryAlone(context: RealmContext, mapper: StackMapper): Unfit | undefined {
  return tryWith(context, mapper, () => context.inRealm.tryOut());
}

function tryWith(context: RealmContext, mapper: StackMapper, tryOut: () => void): Unfit | undefined {
  try {
    inTurn(context, tryOut);
    return undefined;
  } catch (error) {
    if (error instanceof LoadingTakesTooLong) throw error;
    return { reason: messageOf(error), file: mapper.topPosition(stackOf(error)) };
  }
}

/** Who writes to the global scope: in a realm that is frozen before, the write throws where it stands. */
function findCulprit(script: Script, mapper: StackMapper): string | undefined {
  const context = openContext(script, 'shared');
  context.inRealm.freeze();
  return tryAlone(context, mapper)?.file;
}

function fallbackLine(name: string, { reason, file }: Unfit): string {
  const where = file === undefined ? '' : `${file}: `;
  return (
    `troupe: the workflow bundle '${name}' runs with isolation 'context', one V8 context (some 0.5 ms and 200 KB) per execution, ` +
    `because its code cannot share one: ${where}${reason}`
  );
}

function printLine(line: string): void {
  process.stderr.write(`${line}\n`);
}
