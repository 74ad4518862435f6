// The bundle's module system: a table of functions, each run on its first `require`. Runs inside a realm, pure, and
// imports nothing: it is what makes imports work. Starting an execution costs its own modules, never the whole bundle.
// Must never let an execution's module see another's: only modules marked `shared` exist once per realm.
import type { freezeIntrinsics, harden } from './freeze';

export interface ModuleRecord {
  exports: unknown;
  /** Of a shared module: what its top level declares, exported or not. */
  declared?: readonly unknown[];
}

export type Require = (id: number | string) => unknown;

export type ModuleFunction = (
  module: ModuleRecord,
  exports: unknown,
  require: Require,
  globalThis: object,
  global: object,
  self: object,
) => void;

/** What the linker knows of the modules; ids are positions in the table. */
export interface BundleManifest {
  /** Entry name → id. The realm's own entries begin with '#'. */
  readonly entries: Readonly<Record<string, number>>;
  /** Ids of modules without state of their own. */
  readonly shared: readonly number[];
}

/** One execution's modules. */
export interface ModuleInstance {
  readonly requireEntry: (name: string) => unknown;
}

export interface ModuleSystem {
  readonly entryNames: readonly string[];
  /** The realm's one copy. `name` must be the entry of a shared module. */
  readonly requireShared: (name: string) => unknown;
  /** Fresh module state, none of it evaluated yet. */
  readonly instantiate: (globals: object) => ModuleInstance;
  /** From now on a shared module is frozen when it has been evaluated; those evaluated before are frozen here. */
  readonly hardenShared: (hardener: typeof harden) => void;
}

export type FreezeIntrinsics = typeof freezeIntrinsics;

export function createModuleSystem(
  table: readonly ModuleFunction[],
  manifest: BundleManifest,
  realGlobal: object,
): ModuleSystem {
  const isShared = new Uint8Array(table.length);
  for (const id of manifest.shared) isShared[id] = 1;
  const sharedRecords = new Map<number, ModuleRecord>();
  let hardener: typeof harden | undefined;

  const requireShared: Require = (id) => {
    const known = sharedRecords.get(id as number);
    if (known !== undefined) return known.exports;
    const record = evaluate(id as number, sharedRecords, requireShared, realGlobal);
    if (hardener !== undefined) hardenRecord(record, hardener);
    return record.exports;
  };

  function hardenRecord({ exports, declared }: ModuleRecord, newHardener: typeof harden): void {
    newHardener(exports, realGlobal);
    if (declared !== undefined) newHardener(declared, realGlobal);
  }

  function evaluate(
    id: number,
    records: Map<number, ModuleRecord>,
    require: Require,
    globals: object,
  ): ModuleRecord {
    const moduleFunction = table[id];
    if (moduleFunction === undefined) throw new Error(`Cannot find module '${String(id)}'`);
    const record: ModuleRecord = { exports: {} };
    // Before it runs: modules may require each other in a circle.
    records.set(id, record);
    try {
      Reflect.apply(moduleFunction, record.exports, [
        record,
        record.exports,
        require,
        globals,
        globals,
        globals,
      ]);
    } catch (error) {
      records.delete(id);
      throw error;
    }
    return record;
  }

  function idOfEntry(name: string): number {
    const id = Object.hasOwn(manifest.entries, name) ? manifest.entries[name] : undefined;
    if (id === undefined) throw new Error(`The bundle has no entry '${name}'`);
    return id;
  }

  return {
    entryNames: Object.keys(manifest.entries),
    requireShared: (name) => requireShared(idOfEntry(name)),
    instantiate(globals) {
      // Made when there is one: what an execution needs is often shared.
      let records: Map<number, ModuleRecord> | undefined;
      const require: Require = (id) => {
        if (isShared[id as number] === 1) return requireShared(id);
        records ??= new Map();
        const known = records.get(id as number);
        return known === undefined
          ? evaluate(id as number, records, require, globals).exports
          : known.exports;
      };
      return { requireEntry: (name) => require(idOfEntry(name)) };
    },
    hardenShared(newHardener) {
      hardener = newHardener;
      for (const record of sharedRecords.values()) hardenRecord(record, newHardener);
    },
  };
}

/**
 * What esbuild's CommonJS output calls. The linker removes esbuild's own copies from each module and supplies these:
 * the same interop as Node's and TypeScript's, but an ES module's exports are not copied, neither when made nor when
 * imported.
 */
export const interop = {
  __create: Object.create,
  __defProp: Object.defineProperty,
  __getOwnPropDesc: Object.getOwnPropertyDescriptor,
  __getOwnPropNames: Object.getOwnPropertyNames,
  __getProtoOf: Object.getPrototypeOf,
  __hasOwnProp: Reflect.get(Object.prototype, 'hasOwnProperty') as unknown,
  __export(target: object, getters: Record<string, () => unknown>): void {
    for (const name in getters) {
      const get = getters[name];
      if (get !== undefined) Object.defineProperty(target, name, { get, enumerable: true });
    }
  },
  __copyProps: copyProperties,
  __reExport(target: object, source: unknown, exports?: object): void {
    copyProperties(target, source, 'default');
    if (exports !== undefined && exports !== target) copyProperties(exports, source, 'default');
  },
  __toCommonJS(namespace: object): object {
    Object.defineProperty(namespace, '__esModule', { value: true });
    return Object.getPrototypeOf(namespace) === null
      ? namespace
      : (Object.setPrototypeOf(namespace, null) as object);
  },
  /** `importedByNodeModule`: the importer is an ES module by Node's rules, to which `__esModule` of CommonJS says nothing. */
  __toESM(exports: unknown, importedByNodeModule?: number): unknown {
    if (typeof exports !== 'object' && typeof exports !== 'function') return { default: exports };
    if (exports === null) return { default: exports };
    const prototype = Object.getPrototypeOf(exports) as object | null;
    // Written as an ES module: like a real namespace it inherits nothing.
    if (prototype === null && Reflect.get(exports, '__esModule') === true) return exports;
    const honoursMarker = importedByNodeModule === undefined && Reflect.get(exports, '__esModule') === true;
    if (honoursMarker && Object.hasOwn(exports, 'default')) return exports;
    const namespace = Object.create(prototype) as object;
    if (!honoursMarker) Object.defineProperty(namespace, 'default', { value: exports, enumerable: true });
    return copyProperties(namespace, exports);
  },
};

/** Live views of the properties of `source` that `target` does not have. */
function copyProperties(target: object, source: unknown, except?: string): object {
  if ((typeof source !== 'object' && typeof source !== 'function') || source === null) return target;
  for (const key of Object.getOwnPropertyNames(source)) {
    if (key === except || Object.hasOwn(target, key)) continue;
    const enumerable = Object.getOwnPropertyDescriptor(source, key)?.enumerable ?? true;
    Object.defineProperty(target, key, { get: () => Reflect.get(source, key) as unknown, enumerable });
  }
  return target;
}
