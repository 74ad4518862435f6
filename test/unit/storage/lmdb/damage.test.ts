// A folder that does not hold what it held is refused with an error that says what was found, and LMDB never sees it.
import fc from 'fast-check';
import {
  cp,
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { crc32 } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  StoreDamagedError,
  StoreError,
  StoreFormatError,
  StoreUnavailableError,
} from '../../../../src/storage/errors';
import { openLmdbStore } from '../../../../src/storage/lmdb/open-store';
import { STORE_FORMAT_VERSION } from '../../../../src/storage/store';
import type { Store, WriteOp } from '../../../../src/storage/store';
import { makeFolder, openStore } from '../folders';
import { ManualClock } from '../manual-clock';

const PAGE_BYTES = 4_096;
const ROWS = 2_000;
const encoder = new TextEncoder();

let folder: string;
let data: string;

/** A store with some hundred pages: leaves, branches, values of their own pages, free pages. */
async function fill(store: Store): Promise<void> {
  for (let commit = 0; commit < 5; commit += 1) {
    const ops: WriteOp[] = [];
    for (let row = 0; row < ROWS; row += 1) {
      const bytes = row % 100 === 0 ? 20_000 : 100 + commit;
      ops.push({ table: 'H', key: encoder.encode(`row ${row}`), value: new Uint8Array(bytes).fill(row) });
    }
    await store.commit(ops);
  }
}

let template: string;

beforeAll(async () => {
  template = await mkdtemp(join(tmpdir(), 'troupe-store-'));
  const store = await openLmdbStore({ path: template, clock: new ManualClock() });
  await fill(store);
  await store.close();
});

afterAll(() => rm(template, { recursive: true }));

beforeEach(async () => {
  folder = await makeFolder();
  data = join(folder, 'data.mdb');
  await cp(template, folder, { recursive: true });
});

const opening = () => openLmdbStore({ path: folder, clock: new ManualClock() });

async function refusal(): Promise<StoreError> {
  const before = await contents();
  try {
    const store = await opening();
    await store.close();
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    expect(await contents(), 'a refused folder is left as it was').toStrictEqual(before);
    return error;
  }
  throw new Error('the folder was opened');
}

/** Names and checksums of the files. */
async function contents(): Promise<Record<string, number>> {
  const found: Record<string, number> = {};
  for (const name of (await readdir(folder)).sort()) {
    // LMDB's table of readers, made anew whenever nobody uses it.
    if (name === 'lock.mdb') continue;
    const path = join(folder, name);
    found[name] = (await stat(path)).isFile() ? crc32(await readFile(path)) : -1;
  }
  return found;
}

async function overwrite(path: string, offset: number, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'r+');
  await file.write(bytes, 0, bytes.length, offset);
  await file.close();
}

describe('a data file', () => {
  test('that is empty is refused', async () => {
    await truncate(data, 0);
    const error = await refusal();
    expect(error).toBeInstanceOf(StoreDamagedError);
    expect(error.message).toContain('data.mdb: it is empty');
  });

  test('that is missing is refused: there was one', async () => {
    await rm(data);
    expect((await refusal()).message).toContain('data.mdb: it is missing');
  });

  test('that is a folder is refused', async () => {
    await rm(data);
    await mkdir(data);
    expect((await refusal()).message).toContain('it is not a file');
  });

  test.each([1, 23, 100, 167, 168, PAGE_BYTES - 1, PAGE_BYTES, 2 * PAGE_BYTES, 2 * PAGE_BYTES + 1])(
    'of %i bytes is refused',
    async (bytes) => {
      await truncate(data, bytes);
      expect(await refusal()).toBeInstanceOf(StoreDamagedError);
    },
  );

  test('that is cut short anywhere is refused, or lacks nothing', async () => {
    const whole = await readFile(data);
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length), async (length) => {
        await writeFile(data, whole.subarray(0, length));
        try {
          const store = await opening();
          expect(store.count('H')).toBe(ROWS);
          for (const [, value] of store.range('H'))
            expect(value.every((byte) => byte === value[0])).toBe(true);
          await store.close();
        } catch (error) {
          expect(error).toBeInstanceOf(StoreDamagedError);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('of random bytes is refused', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 3 * PAGE_BYTES }), async (bytes) => {
        await writeFile(data, bytes);
        expect(await refusal()).toBeInstanceOf(StoreDamagedError);
      }),
      { numRuns: 30 },
    );
  });

  test('whose meta pages were zeroed, one or both, is refused', async () => {
    const whole = await readFile(data);
    for (const pages of [[0], [1], [0, 1]]) {
      await writeFile(data, whole);
      for (const page of pages) await overwrite(data, page * PAGE_BYTES, new Uint8Array(PAGE_BYTES));
      expect(await refusal()).toBeInstanceOf(StoreDamagedError);
    }
  });

  test('whose trees have other flags is refused: LMDB would crash', async () => {
    const whole = await readFile(data);
    for (const tree of [48, 96, PAGE_BYTES + 48, PAGE_BYTES + 96]) {
      for (let bit = 0; bit < 16; bit += 1) {
        await writeFile(data, whole);
        const at = tree + 4 + (bit >> 3);
        await overwrite(data, at, new Uint8Array([(whole[at] as number) ^ (1 << (bit & 7))]));
        expect(await refusal()).toBeInstanceOf(StoreDamagedError);
      }
    }
  });

  test('whose roots were overwritten is refused', async () => {
    const whole = await readFile(data);
    const view = new DataView(whole.buffer, whole.byteOffset, whole.byteLength);
    const newest = view.getBigUint64(152, true) > view.getBigUint64(PAGE_BYTES + 152, true) ? 0 : PAGE_BYTES;
    const root = Number(view.getBigUint64(newest + 96 + 40, true));
    await overwrite(data, root * PAGE_BYTES, new Uint8Array(PAGE_BYTES).fill(0x5a));
    expect((await refusal()).message).toContain(`page ${root} is not the page of a tree`);
  });

  test('of another store is refused', async () => {
    const other = await makeFolder();
    await (await openStore(other)).close();
    await rename(join(other, 'data.mdb'), data);
    expect((await refusal()).message).toContain('it belongs to the store');
  });

  test.each([true, false])('of another program (overlappingSync: %s) is refused', async (overlappingSync) => {
    const { open: openForeign } = await import('lmdb');
    const other = await makeFolder();
    const foreign = openForeign({ path: other, overlappingSync });
    await foreign.put('key', 'value');
    await foreign.close();
    await rename(join(other, 'data.mdb'), data);
    expect((await refusal()).message).toMatch(/it was not written by Troupe|flags that Troupe never sets/);
  });

  test('that Troupe did not put there is left alone', async () => {
    await rm(join(folder, 'STORE'));
    const error = await refusal();
    expect(error).toBeInstanceOf(StoreDamagedError);
    expect(error.message).toContain('without the file STORE');
  });
});

describe('the file STORE', () => {
  const store = () => join(folder, 'STORE');

  test.each(['', '{', 'null', '[]', '{"formatVersion":1}'])('that says %j is refused', async (text) => {
    await writeFile(store(), text);
    expect(await refusal()).toBeInstanceOf(StoreDamagedError);
  });

  test('of which one character was changed is refused', async () => {
    const text = await readFile(store(), 'utf8');
    for (let at = 0; at < text.length - 1; at += 5) {
      const changed = text[at] === '7' ? '8' : '7';
      await writeFile(store(), text.slice(0, at) + changed + text.slice(at + 1));
      expect(await refusal(), `character ${at}`).toBeInstanceOf(StoreDamagedError);
    }
  });

  test('of a newer format is refused, and named', async () => {
    const fields = { formatVersion: STORE_FORMAT_VERSION + 1, somethingNew: true };
    await writeFile(store(), JSON.stringify({ ...fields, crc32: crc32(JSON.stringify(fields)) }));
    const error = await refusal();
    expect(error).toBeInstanceOf(StoreFormatError);
    expect(error).toMatchObject({
      foundVersion: STORE_FORMAT_VERSION + 1,
      supportedVersion: STORE_FORMAT_VERSION,
    });
  });
});

describe('a creation that did not come to its end', () => {
  test('is begun anew: nothing of it was ever acknowledged', async () => {
    await rename(join(folder, 'STORE'), join(folder, 'STORE.creating'));
    await truncate(data, 100);
    const store = await openStore(folder);
    expect([store.count('H'), store.meta.epoch]).toStrictEqual([0, 1]);
    await store.close();
    expect(await readdir(folder)).not.toContain('STORE.creating');
  });
});

describe('a path', () => {
  test('whose folders are missing is made', async () => {
    const path = join(folder, 'some', 'where');
    const store = await openStore(path);
    await store.commit([{ table: 'H', key: encoder.encode('a'), value: new Uint8Array() }]);
    await store.close();
    expect((await readdir(path)).sort()).toStrictEqual(['STORE', 'data.mdb', 'lock.mdb']);
  });

  test.each(['the file', 'a folder under it'])('of %s is refused', async (which) => {
    const file = join(folder, 'file');
    await writeFile(file, '');
    folder = which === 'the file' ? file : join(file, 'below');
    const error: unknown = await opening().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(StoreUnavailableError);
    expect(error).toMatchObject({ reason: 'notAFolder' });
  });

  test('where nobody may write is refused', async () => {
    // Not even the superuser makes folders there.
    folder = '/sys/troupe';
    const error: unknown = await opening().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(StoreUnavailableError);
    expect(error).toMatchObject({ reason: 'notWritable' });
  });

  test('by which a folder is reached does not matter: it is one store', async () => {
    const link = join(folder, '..', `${folder.split('/').at(-1)}-link`);
    await symlink(folder, link);
    const store = await openStore(folder);
    expect(await openLmdbStore({ path: link, clock: new ManualClock() })).toBe(store);
    await rm(link);
    await store.close();
    expect(store.count('H')).toBe(ROWS);
    await store.close();
  });
});

test('a worker thread is told to use another store', async () => {
  const openStorePath = new URL('../../../../src/storage/lmdb/open-store.ts', import.meta.url).href;
  const hooks = new URL('../../../../scripts/ts-hooks.mjs', import.meta.url).href;
  const code = `
    const { parentPort } = require('node:worker_threads');
    require('node:module').register(${JSON.stringify(hooks)});
    import(${JSON.stringify(openStorePath)})
      .then(({ openLmdbStore }) => openLmdbStore({ path: ${JSON.stringify(folder)} }))
      .then(() => 'opened', ({ name }) => name)
      .then((told) => parentPort.postMessage(told));`;
  const worker = new Worker(code, { eval: true });
  const told = await new Promise((resolve, reject) => worker.on('message', resolve).on('error', reject));
  await worker.terminate();
  expect(told).toBe('StoreThreadError');
});
