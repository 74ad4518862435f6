// What clients were told, and nothing else: the judge of durability. Whoever had no answer knows nothing.
import type { CloseEvent, HistoryEvent } from '../../../src/model/event.ts';
import type { RunId } from '../../../src/model/ids.ts';
import type { Fault } from '../report.ts';

export type Outcome = 'unknown' | 'acknowledged' | 'refused';

export interface AskedSignal {
  readonly workflowId: string;
  readonly value: string;
  outcome: Outcome;
  /** The run that took it. */
  runId?: RunId;
}

export interface AskedTerminate {
  readonly workflowId: string;
  readonly reason: string;
  outcome: Outcome;
}

export class ClientLedger {
  /** Acknowledged run ids by workflow id. */
  readonly starts = new Map<string, RunId>();
  readonly signals: AskedSignal[] = [];
  readonly terminates: AskedTerminate[] = [];
  /** Workflows with an acknowledged cancel request. */
  readonly cancelled = new Set<string>();
  /** Workflows with an acknowledged terminate. */
  readonly terminated = new Set<string>();
  /** Signals that queries have shown, by the run that had taken them in. */
  readonly shown = new Map<string, Set<string>>();
  readonly closes = new Map<RunId, CloseEvent>();
  /** As last read. */
  readonly histories = new Map<RunId, readonly HistoryEvent[]>();
  readonly faults: Fault[] = [];

  say(invariant: string, what: string): void {
    this.faults.push({ invariant, what });
  }

  started(workflowId: string, runId: RunId): void {
    const known = this.starts.get(workflowId);
    this.starts.set(workflowId, runId);
    if (known !== undefined && known !== runId)
      this.say('I4', `the one start of ${workflowId} was acknowledged as ${known} and as ${runId}`);
  }

  queried(runId: string, received: readonly string[]): void {
    const shown = this.shown.get(runId) ?? new Set();
    this.shown.set(runId, shown);
    for (const value of received) shown.add(value);
  }

  closed(runId: RunId, close: CloseEvent): void {
    const known = this.closes.get(runId);
    this.closes.set(runId, close);
    if (known !== undefined && JSON.stringify(known) !== JSON.stringify(close))
      this.say('I22', `${runId} ended as ${known.kind} and as ${close.kind}`);
  }

  /** What was read once is the beginning of whatever is read later. */
  read(runId: RunId, events: readonly HistoryEvent[], now: number): void {
    const known = this.histories.get(runId) ?? [];
    this.histories.set(runId, events);
    const changed = known.find((event, index) => JSON.stringify(event) !== JSON.stringify(events[index]));
    if (changed !== undefined)
      this.say('I22', `event ${changed.eventId} of ${runId}, ${changed.kind}, is not what it was`);
    if ((events.at(-1)?.at ?? 0) > now) this.say('I16', `an event of ${runId} is from the future`);
  }
}
