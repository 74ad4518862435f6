// `troupe check`: whether everything in a store can be read. A damaged run harms no other.
import type { OfflineStore } from '../troupe/offline-store';
import type { Output } from './output';

/** @returns 1 when something is damaged */
export function check(store: OfflineStore, { print }: Output): number {
  let runs = 0;
  let damaged = 0;
  for (const finding of store.check()) {
    if (finding.kind === 'sound') {
      runs += 1;
      continue;
    }
    damaged += 1;
    print(`damaged: ${finding.what}: ${finding.reason}`);
  }
  print(`${runs} ${runs === 1 ? 'run is' : 'runs are'} sound, ${damaged} damaged`);
  return damaged === 0 ? 0 : 1;
}
