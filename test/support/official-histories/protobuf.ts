// One form for protobuf JSON that may be written in several ways: what is left out and what has its default are the same.

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** Whether a field is left out: by its name, the value it has now, and its path (names, and indices of arrays). */
export type Ignore = (name: string, value: Json, path: string) => boolean;

/** Without defaults, empty messages and what is ignored; ours and Temporal's alike. */
export function normalise(json: Json, ignore: Ignore, path = ''): Json {
  if (typeof json !== 'object' || json === null) return json;
  if (Array.isArray(json)) {
    return (json as readonly Json[]).map((each, index) => normalise(each, ignore, `${path}[${index}]`));
  }
  const kept: Record<string, Json> = {};
  for (const [name, value] of Object.entries(json)) {
    const at = path === '' ? name : `${path}.${name}`;
    if (ignore(name, value, at)) continue;
    const normal = normalise(value, ignore, at);
    if (!isDefault(normal)) kept[name] = normal;
  }
  return kept;
}

const DEFAULTS: ReadonlySet<Json> = new Set<Json>(['', '0', '0s', 0, false, null]);

const isDefault = (value: Json): boolean =>
  DEFAULTS.has(value) || (typeof value === 'object' && value !== null && Object.keys(value).length === 0);

/** The queue that the workflow was started on, whether the task came from there or from a worker's own. */
export const plainQueue = (queue: { readonly name: string; readonly normalName?: string }): Json => ({
  name: queue.normalName ?? queue.name,
  kind: 'TASK_QUEUE_KIND_NORMAL',
});
