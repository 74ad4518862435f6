// Reads a store that nobody has open: lists runs, shows a history, checks every record. Host thread; behind the command `troupe`.
// Refused, with the owner's name, while a process has the folder open.
import { existsSync } from 'node:fs';
import { loadRun } from '../actors/run-rows';
import { historyToProtoJson } from '../common/proto-json';
import type { RunStatus } from '../model/event';
import { namespace, runId, workflowId } from '../model/ids';
import { systemClock } from '../scheduler/clock';
import { Namespaces } from '../scheduler/namespaces';
import { StoreReader } from '../scheduler/stored-runs';
import { listRuns } from '../scheduler/visibility';
import { openLmdbStore } from '../storage/lmdb/open-store';
import type { Store } from '../storage/store';

type Print = (line: string) => void;

export interface ListOptions {
  readonly folder: string;
  readonly namespace: string;
  readonly limit: number;
  readonly json: boolean;
  readonly status: string | undefined;
  readonly type: string | undefined;
}
export interface ShowOptions {
  readonly folder: string;
  readonly namespace: string;
  readonly workflowId: string;
  readonly runId: string | undefined;
  readonly json: boolean;
}

interface Offline {
  readonly store: Store;
  readonly namespaces: Namespaces;
  readonly reader: StoreReader;
}

export async function list(options: ListOptions, print: Print): Promise<number> {
  return offline(options.folder, ({ store, namespaces }) => {
    const entry = namespaces.find(namespace(options.namespace));
    if (entry === undefined) return 0;
    const { status, type, limit, json } = options;
    const filter = {
      ...(type !== undefined && { workflowType: type }),
      ...(status !== undefined && { statuses: [status.toUpperCase().replaceAll('-', '_') as RunStatus] }),
    };
    for (const run of listRuns(store, entry.number, filter, limit, undefined).runs) {
      const { execution, workflowType, startTime, closeTime } = run;
      if (json) print(JSON.stringify(run));
      else {
        const times = [startTime, closeTime].map((at) =>
          at === undefined ? '' : new Date(at).toISOString(),
        );
        print(
          [run.status, execution.workflowId, execution.runId, workflowType, ...times].join('\t').trimEnd(),
        );
      }
    }
    return 0;
  });
}

export async function show(options: ShowOptions, print: Print): Promise<number> {
  return offline(options.folder, ({ reader }) => {
    const id = workflowId(options.workflowId);
    const run =
      options.runId === undefined ? reader.current(namespace(options.namespace), id) : runId(options.runId);
    const history = run === undefined ? undefined : reader.history(run);
    if (history === undefined) {
      print(`There is no workflow '${id}'`);
      return 1;
    }
    const { events } = historyToProtoJson(history.events);
    if (options.json) {
      print(JSON.stringify({ events }, undefined, 2));
      return 0;
    }
    for (const { eventId, eventTime, eventType, ...rest } of events) {
      const details = Object.values(rest)
        .map((value) => JSON.stringify(value))
        .join(' ');
      print(`${eventId.padStart(5)}  ${eventTime}  ${eventType.replace('EVENT_TYPE_', '')}  ${details}`);
    }
    return 0;
  });
}

/** Exit code 1 when a run is damaged; a line for each that is. */
export async function check(folder: string, print: Print): Promise<number> {
  return offline(folder, ({ store, reader, namespaces }) => {
    let runs = 0;
    let damaged = 0;
    for (const entry of namespaces.all()) {
      let pageToken: string | undefined;
      do {
        const page = listRuns(store, entry.number, {}, 1_000, pageToken);
        for (const { execution } of page.runs) {
          runs += 1;
          try {
            loadRun(reader.run(execution.runId));
          } catch (error) {
            damaged += 1;
            const reason = error instanceof Error ? error.message : String(error);
            print(`damaged: ${entry.namespace} ${execution.workflowId} ${execution.runId}: ${reason}`);
          }
        }
        pageToken = page.nextPageToken;
      } while (pageToken !== undefined);
    }
    print(`${runs} runs checked, ${damaged} damaged`);
    return damaged === 0 ? 0 : 1;
  });
}

async function offline(folder: string, use: (store: Offline) => number): Promise<number> {
  if (!existsSync(folder)) throw new Error(`${folder}: there is no such folder`);
  const store = await openLmdbStore({
    path: folder,
    clock: {
      now: () => systemClock.now(),
      monotonicMs: () => systemClock.monotonicMs(),
      setTimer: (delayMs, fire) => systemClock.setTimer(delayMs, fire),
      sleep: (delayMs) => new Promise((resolve) => void systemClock.setTimer(delayMs, resolve)),
    },
  });
  try {
    const namespaces = new Namespaces({
      store,
      retentionMs: 0,
      submit: () => undefined,
      announce: () => undefined,
    });
    namespaces.start();
    return use({ store, namespaces, reader: new StoreReader(store, namespaces) });
  } finally {
    await store.close();
  }
}
