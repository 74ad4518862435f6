// Which workflows are in which lane's memory, and the rows a lane needs to take one in. Host thread: residency is the host's to know.
import type { Namespace, RunId, WorkflowId } from '../model/ids';
import type { Handle, StoredRun } from '../wire/traffic';
import type { ReadRows, UnreadEntry, UnreadLoad } from './outbox';
import type { Steps } from './portion';

export interface Resident {
  readonly handle: Handle;
  readonly lane: number;
  readonly namespace: Namespace;
  readonly workflowId: WorkflowId;
  /** The newest message routed to it. */
  lastSeq: number;
}

/** Rows as the store has them now: durable, and so the newest for a workflow that is in no lane's memory. */
export interface StoredRuns {
  current(namespace: Namespace, workflowId: WorkflowId): RunId | undefined;
  /** Read a page at a time. */
  readRun(runId: RunId): Steps<StoredRun>;
}

export class Residents {
  readonly #stored: StoredRuns;
  readonly #byId = new Map<Namespace, Map<WorkflowId, Resident>>();
  readonly #byHandle = new Map<Handle, Resident>();
  #nextHandle: Handle = 1;

  constructor(stored: StoredRuns) {
    this.#stored = stored;
  }

  get size(): number {
    return this.#byHandle.size;
  }

  find(namespace: Namespace, workflowId: WorkflowId): Resident | undefined {
    return this.#byId.get(namespace)?.get(workflowId);
  }

  byHandle(handle: Handle): Resident | undefined {
    return this.#byHandle.get(handle);
  }

  /** Takes a workflow in; the entry goes to its lane before anything else of it. */
  admit(
    lane: number,
    namespace: Namespace,
    workflowId: WorkflowId,
  ): { resident: Resident; load: UnreadLoad } {
    const handle = this.#nextHandle++;
    const resident: Resident = { handle, lane, namespace, workflowId, lastSeq: 0 };
    const ofNamespace = this.#byId.get(namespace);
    if (ofNamespace === undefined) this.#byId.set(namespace, new Map([[workflowId, resident]]));
    else ofNamespace.set(workflowId, resident);
    this.#byHandle.set(handle, resident);
    return { resident, load: { kind: 'unreadLoad', handle, namespace, workflowId } };
  }

  *read(entry: UnreadEntry): ReturnType<ReadRows> {
    const { handle } = entry;
    if (entry.kind === 'unreadHistory') {
      return { kind: 'history', handle, run: yield* this.#stored.readRun(entry.runId) };
    }
    const { namespace, workflowId } = entry;
    const current = this.#stored.current(namespace, workflowId);
    if (current === undefined) return { kind: 'load', handle, namespace, workflowId };
    return { kind: 'load', handle, namespace, workflowId, current: yield* this.#stored.readRun(current) };
  }

  dismiss(resident: Resident): void {
    this.#byHandle.delete(resident.handle);
    this.#byId.get(resident.namespace)?.delete(resident.workflowId);
  }

  /** The lane lost its memory. */
  dismissLane(lane: number): void {
    for (const resident of this.#byHandle.values()) {
      if (resident.lane === lane) this.dismiss(resident);
    }
  }
}
