// What a peer is to the bench: one adapter file says how it is started, what it offers and how it runs the workflows.

/** The same five programs in each peer; `size` is the number of steps, activities, children or messages. */
export type Program = 'nothing' | 'sequence' | 'fanOut' | 'parent';

/** What each trivial activity is given and gives back. */
export const PAYLOAD = { ok: true, n: 1 } as const;
export type Payload = typeof PAYLOAD;

export const WORKLOAD_IDS = ['W1', 'W2', 'W3', 'W4', 'W5', 'W6', 'W7'] as const;
export type WorkloadId = (typeof WORKLOAD_IDS)[number];

export interface Peer {
  readonly title: string;
  /** What favours it, one sentence each; shown in every report. */
  readonly settings: readonly string[];
  /** With the reason. */
  readonly notOffered?: { readonly [Id in WorkloadId]?: string };
  /** Starts it on a fresh store, lends it, stops it. Throws `CannotRun` where something is missing. */
  run(context: PeerContext, use: (running: RunningPeer) => Promise<void>): Promise<void>;
}

export interface PeerContext {
  /** Empty, on the measured disk, removed afterwards. */
  readonly folder: string;
  readonly workload: WorkloadId;
  /** The most programs that this workload has at once. */
  readonly inFlightMax: number;
  readonly isQuick: boolean;
  /** Of a server that runs already; without it the peer starts its own. */
  readonly postgresUrl?: string;
  readonly temporalAddress?: string;
  /** The command that starts Temporal's server. */
  readonly temporalBinary?: string;
}

export interface RunningPeer {
  /** Of the package and of its server or database. */
  readonly versions: string;
  /** Settings that were read back from the running server. */
  readonly checked?: readonly string[];
  /** Start → result, both durable. */
  execute(program: Program, size: number): Promise<unknown>;
  /** A workflow that waits for so many messages. */
  readonly startReceiver?: (messages: number) => Promise<Receiver>;
}

export interface Receiver {
  /** Resolves when the message is durable. */
  send(): Promise<void>;
  /** The messages that the workflow got: it ends with the last. */
  result(): Promise<unknown>;
}

/** The peer is not there: its reason stands in the report, and no figure does. */
export class CannotRun extends Error {}
