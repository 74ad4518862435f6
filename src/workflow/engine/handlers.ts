// What workflow code has registered for signals, queries and updates. Types only.
import type { HandlerUnfinishedPolicy } from '../../common/interfaces';
import type { Loose } from '../../common/loose';

export interface SignalHandler {
  readonly handler: (...args: Loose[]) => Promise<void> | void;
  readonly description?: string | undefined;
  readonly unfinishedPolicy?: HandlerUnfinishedPolicy | undefined;
}
export interface QueryHandler {
  readonly handler: (...args: Loose[]) => Loose;
  readonly description?: string | undefined;
}
export interface UpdateHandler {
  readonly handler: (...args: Loose[]) => Loose;
  readonly validator?: ((...args: Loose[]) => void) | undefined;
  readonly description?: string | undefined;
  readonly unfinishedPolicy?: HandlerUnfinishedPolicy | undefined;
}
