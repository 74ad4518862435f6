// The host's door: `troupe`. Explicit names.
export { Troupe } from './troupe';
export type { TroupeOptions, TroupeStats } from './troupe';
export type { EngineSettings } from './troupe/engine-options';
export type { RunEvent, RuntimeEvents } from './scheduler/events';
export { BundleError } from './bundle';
export { RemoteServerError } from './connection/addresses';
export {
  CommitUnknownError,
  StoreDamagedError,
  StoreError,
  StoreFencedError,
  StoreFormatError,
  StoreLockedError,
  StorePoisonedError,
  StoreThreadError,
  StoreUnavailableError,
} from './storage/errors';
export { WorkerConflictError } from './scheduler/task-queues';
