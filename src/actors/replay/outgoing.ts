// The commands on their way into history: asked for by workflow code, not yet met as events. Pure.
// Live the events come from `decide`, on replay from the store; both take the commands from the front, in order.
import type { Command } from '../../model/command';
import type { HistoryEvent } from '../../model/event';
import type { CommandTrace } from '../../model/turn';
import { appended } from '../../model/appended';

/** Who asked for a command, and learns the event it became. */
export interface CommandOwner {
  /** Throws NondeterminismError when the event's ids do not fit. `event` is of the command's kind (see match.ts). */
  recorded(event: HistoryEvent): void;
}

export interface Outgoing {
  readonly command: Command;
  /** Absent: nothing follows from the event. */
  readonly owner: CommandOwner | undefined;
  /** Taken back before it was sent: it leaves no event. */
  dropped: boolean;
  /** A patch's marker: see match.ts. */
  readonly patchId: string | undefined;
  /** Where it comes from, if that is looked into. */
  readonly trace: CommandTrace | undefined;
}

/** Never written to. */
const NOTHING: Outgoing[] = [];

export class OutgoingCommands {
  private queue: Outgoing[] = NOTHING;
  private next = 0;

  push(command: Command, owner?: CommandOwner, patchId?: string, trace?: CommandTrace): Outgoing {
    const entry: Outgoing = { command, owner, dropped: false, patchId, trace };
    this.queue = appended(this.queue, entry);
    return entry;
  }

  /** The command that the next command event must be of. */
  front(): Outgoing | undefined {
    while (this.next < this.queue.length) {
      const entry = this.queue[this.next]!;
      if (!entry.dropped) return entry;
      this.next += 1;
    }
    this.queue = NOTHING;
    this.next = 0;
    return undefined;
  }

  /** Removes the front. */
  shift(): void {
    this.next += 1;
  }

  /** All that is on its way, in order; what stands behind the first command for which `isLast` holds is dropped. */
  commands(isLast: (command: Command) => boolean): readonly Command[] {
    let commands: Command[] = [];
    let closed = false;
    for (let index = this.next; index < this.queue.length; index++) {
      const entry = this.queue[index]!;
      if (entry.dropped) continue;
      if (closed) {
        entry.dropped = true;
        continue;
      }
      commands = appended(commands, entry.command);
      closed = isLast(entry.command);
    }
    return commands;
  }
}
