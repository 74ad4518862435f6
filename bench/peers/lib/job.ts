// What a peer's process is asked to do, and what it says. Plain data: it crosses a process border.
import type { Row } from '../../lib/measure.ts';
import type { PeerContext, WorkloadId } from './peer.ts';
import type { ServerStarted } from './server.ts';
import type { Sizes } from './workloads.ts';

export interface Job extends Omit<PeerContext, 'inFlightMax'> {
  /** The adapter file's name, without its ending. */
  readonly adapter: string;
  readonly sizes: Sizes;
}

/** What a peer says of itself; the report shows it once. */
export interface PeerFacts {
  readonly title: string;
  readonly settings: readonly string[];
  readonly versions?: string;
  readonly checked?: readonly string[];
}

/** No figure, and why. */
export interface Gap {
  readonly peer: string;
  readonly workload: WorkloadId;
  readonly kind: 'not offered' | 'cannot run' | 'failed';
  readonly reason: string;
}

export type PeerMessage =
  | ServerStarted
  | { readonly kind: 'facts'; readonly facts: PeerFacts }
  | { readonly kind: 'progress'; readonly text: string }
  | { readonly kind: 'row'; readonly row: Row }
  | { readonly kind: 'gap'; readonly gap: Gap };
