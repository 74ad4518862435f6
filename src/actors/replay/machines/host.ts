// What a machine may do and know. Pure. Machines talk to nothing else, so each of them is a file of its own.
import type { Command } from '../../../model/command';
import type { Namespace, RunId } from '../../../model/ids';
import type { ActivationJob } from '../../../model/turn';
import type { CommandOwner, Outgoing } from '../outgoing';

export interface MachineHost {
  readonly namespace: Namespace;
  readonly runId: RunId;
  /** Puts a command behind those already asked for. */
  send(command: Command, owner?: CommandOwner, patchId?: string): Outgoing;
  /** Workflow code hears this in its next activation; in one more of the same task, if this one is under way. */
  tell(job: ActivationJob): void;
  /** A core flag: see flags.ts. */
  flagHolds(flag: number): boolean;
  /** The task under way is in history already. */
  readonly isReplaying: boolean;
}
