// `troupe show`: the history of one run, for people or for tools.
import { historyToProtoJson } from '../common/proto-json';
import type { HistoryEvent } from '../model/event';
import { namespace, runId, workflowId } from '../model/ids';
import type { OfflineStore } from '../troupe/offline-store';
import type { ShowCommand } from './arguments';
import { describeValue } from './describe';
import type { Output } from './output';

export function show(store: OfflineStore, command: ShowCommand, { print, complain }: Output): number {
  const id = workflowId(command.workflowId);
  const name = namespace(command.namespace);
  const run = command.runId === undefined ? store.current(name, id) : runId(command.runId);
  const history = run === undefined ? undefined : store.history(run);
  if (run === undefined || history?.workflowId !== id || history.namespace !== name) {
    const which = command.runId === undefined ? '' : ` with a run '${command.runId}'`;
    complain(`There is no workflow '${id}'${which} in the namespace '${name}'`);
    return 1;
  }
  if (command.json) {
    print(JSON.stringify(historyToProtoJson(history.events), undefined, 2));
    return 0;
  }
  print(`workflow '${id}', run ${run}`);
  for (const event of history.events) print(lineOf(event));
  return 0;
}

/** Said in the line's beginning, or of no use to people. */
const LEFT_OUT: ReadonlySet<string> = new Set(['kind', 'eventId', 'at', 'stamp', 'sdkMetadata', 'requestId']);

function lineOf(event: HistoryEvent): string {
  const details = Object.entries(event)
    .filter(([name]) => !LEFT_OUT.has(name))
    .map(([name, value]) => [name, describeValue(value)] as const)
    .filter(([, text]) => text !== '');
  return [
    String(event.eventId).padStart(5),
    new Date(event.at).toISOString(),
    event.kind.charAt(0).toUpperCase() + event.kind.slice(1),
    ...details.map(([name, text]) => `${name}=${text}`),
  ].join('  ');
}
