// What a client did, step by step, as index.json of the official histories writes it.

/** Options of a start as JSON; `typedSearchAttributes` is a list of name, type and value. */
export type StartOptions = Readonly<Record<string, unknown>>;

export type Step =
  /** Absent `workflow`: the scenario's own. Absent `workflowId`: the scenario's name. */
  | {
      readonly kind: 'start';
      readonly workflow?: string;
      readonly args?: readonly unknown[];
      readonly workflowId?: string;
      readonly options: StartOptions;
    }
  | { readonly kind: 'signal'; readonly name: string; readonly args: readonly unknown[] }
  | { readonly kind: 'signalWithStart'; readonly name: string; readonly args: readonly unknown[] }
  | { readonly kind: 'cancel'; readonly workflowId?: string }
  | { readonly kind: 'terminate'; readonly workflowId?: string; readonly reason: string }
  /** `TimerStarted` */
  | {
      readonly kind: 'waitForEvents';
      readonly count: number;
      readonly type: string;
      readonly workflowId?: string;
    }
  | { readonly kind: 'waitForActivities'; readonly count: number }
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'startWorker'; readonly code: 'right' | 'faulty' }
  | { readonly kind: 'stopWorker' }
  | { readonly kind: 'completeActivity'; readonly activityId: string }
  | { readonly kind: 'failActivity'; readonly activityId: string; readonly message: string };

type Part = string | undefined;
type Rule = readonly [pattern: RegExp, read: (...parts: Part[]) => Step];

const json = <T>(text: Part, otherwise: string): T => JSON.parse(text ?? otherwise) as T;
const optional = (workflowId: Part) => (workflowId === undefined ? {} : { workflowId });

const RULES: readonly Rule[] = [
  [/^start( \{.*\})?$/, (options) => ({ kind: 'start', options: json(options, '{}') })],
  [
    /^start (\w+) (\[.*\]) (?:as (\S+)|under the same id)( \{.*\})?$/,
    (workflow, args, workflowId, options) => ({
      kind: 'start',
      workflow: workflow!,
      args: json(args, '[]'),
      ...optional(workflowId),
      options: json(options, '{}'),
    }),
  ],
  [/^signal (\w+) (\[.*\])$/, (name, args) => ({ kind: 'signal', name: name!, args: json(args, '[]') })],
  [
    /^signalWithStart (\w+) (\[.*\])$/,
    (name, args) => ({ kind: 'signalWithStart', name: name!, args: json(args, '[]') }),
  ],
  [/^cancel(?: (\S+))?$/, (workflowId) => ({ kind: 'cancel', ...optional(workflowId) })],
  [
    /^terminate(?: ([^\s"]+))? (".*")$/,
    (workflowId, reason) => ({ kind: 'terminate', ...optional(workflowId), reason: json(reason, '""') }),
  ],
  [
    /^wait until (\d+) x (\w+)(?: in (\S+))?$/,
    (count, type, workflowId) => ({
      kind: 'waitForEvents',
      count: Number(count),
      type: type!,
      ...optional(workflowId),
    }),
  ],
  [
    /^wait until (\d+) activity task\(s\) are running$/,
    (count) => ({ kind: 'waitForActivities', count: Number(count) }),
  ],
  [/^wait (\d+) ms$/, (ms) => ({ kind: 'wait', ms: Number(ms) })],
  [
    /^worker start( \(with the faulty version of the workflow\))?$/,
    (faulty) => ({ kind: 'startWorker', code: faulty === undefined ? 'right' : 'faulty' }),
  ],
  [/^worker stop$/, () => ({ kind: 'stopWorker' })],
  [
    /^complete activity (\S+) \{"by":"id"\}$/,
    (activityId) => ({ kind: 'completeActivity', activityId: activityId! }),
  ],
  [
    /^fail activity (\S+) with Error (".*")$/,
    (activityId, message) => ({
      kind: 'failActivity',
      activityId: activityId!,
      message: json(message, '""'),
    }),
  ],
];

export function readStep(line: string): Step {
  for (const [pattern, read] of RULES) {
    const parts = pattern.exec(line);
    if (parts !== null) return read(...parts.slice(1));
  }
  throw new Error(`there is no such step: ${line}`);
}

/** A worker runs from the beginning, unless the script says when it starts. */
export const readScript = (script: readonly string[]): readonly Step[] => {
  const steps = script.map(readStep);
  const first = steps.find(({ kind }) => kind === 'startWorker' || kind === 'stopWorker');
  return first?.kind === 'startWorker' ? steps : [{ kind: 'startWorker', code: 'right' }, ...steps];
};

/** What JSON lacks, and long text, as index.json writes them. */
export function readValue(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(readValue);
  if (typeof json !== 'object' || json === null) return json;
  const { undefined: isUndefined, bytes, repeat, times } = json as Readonly<Record<string, unknown>>;
  if (isUndefined === true) return undefined;
  if (Array.isArray(bytes)) return Uint8Array.from(bytes as number[]);
  if (typeof repeat === 'string') return repeat.repeat(Number(times));
  return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, readValue(value)]));
}
