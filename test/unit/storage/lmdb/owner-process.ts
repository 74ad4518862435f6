// Another process that opens a folder and does as it is told, line by line. Started by owner.ts.
import { createInterface } from 'node:readline';
import { openLmdbStore } from '../../../../src/storage/lmdb/open-store';
import type { StoreClock } from '../../../../src/storage/store';

const clock: StoreClock = {
  now: () => Date.now(),
  monotonicMs: () => performance.now(),
  setTimer(delayMs, fire) {
    const handle = setTimeout(fire, delayMs);
    handle.unref();
    return () => clearTimeout(handle);
  },
  sleep: (delayMs) => new Promise((resolve) => setTimeout(resolve, delayMs)),
};

const tell = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`);
const encoder = new TextEncoder();

const [folder, options] = process.argv.slice(2) as [string, string];
const given = JSON.parse(options) as { readonly beatMs?: number; readonly waitForOwner?: number };

async function main(): Promise<void> {
  const store = await openLmdbStore({
    path: folder,
    clock,
    ...(given.waitForOwner !== undefined && { waitForOwner: given.waitForOwner }),
    ...(given.beatMs !== undefined && { lockTiming: { beatMs: given.beatMs } }),
  });
  store.onFailure(({ name }) => tell({ failed: name }));
  tell({ opened: store.meta.epoch });
  for await (const line of createInterface(process.stdin)) {
    const [verb, key = ''] = line.split(' ');
    if (verb === 'close') break;
    if (verb === 'keys') tell({ keys: [...store.range('H')].map(([each]) => Buffer.from(each).toString()) });
    if (verb === 'commit') {
      await store.commit([{ table: 'H', key: encoder.encode(key), value: encoder.encode(key) }]).then(
        () => tell({ committed: key }),
        (error: unknown) => tell({ refused: (error as Error).name }),
      );
    }
  }
  await store.close();
  tell({ closed: true });
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    const { name, message } = error as Error;
    tell({ error: name, message });
    process.exit(1);
  },
);
