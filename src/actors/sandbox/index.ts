// The sandbox's outside: what a shard makes of a bundle. `in-realm/` is its inside.
export { createRealm } from './realm';
export type { Realm } from './realm';
export type { Instance } from './instance';
