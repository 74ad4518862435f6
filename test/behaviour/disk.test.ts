// A disk that fills up under the engine: new work is refused, nothing that was accepted is lost, and all goes on with room again.
import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import fsPromises from 'node:fs/promises';
import { join } from 'node:path';
import { Troupe, type TroupeOptions } from 'troupe';
import { ServiceError } from 'troupe/client';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { removeTemporaryFolders, temporaryFolder } from './support/modes.ts';
import { go, job, waits } from './workflows/hosted.ts';

const MB = 1_024 * 1_024;
const DISK_MB = 64;
/** Of gRPC. */
const RESOURCE_EXHAUSTED = 8;
const workflowsPath = new URL('./workflows/hosted.ts', import.meta.url);

/** Holds what awaits it until it is opened. */
function gate(): { readonly open: () => void; readonly opened: Promise<void> } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { open, opened };
}

const openOn = (path: string, step: (what: string) => Promise<string>, options: TroupeOptions = {}) =>
  Troupe.open({
    path,
    threads: 1,
    workflowsPath,
    activities: { step },
    logger: { warn: () => undefined, error: () => undefined },
    ...options,
  });

const next = (troupe: Troupe, event: 'storeFull' | 'storeOk'): Promise<{ freeBytes: number }> =>
  new Promise((resolve) => troupe.on(event, resolve));

async function expectRefused(start: Promise<unknown>): Promise<void> {
  const error: unknown = await start.then(
    () => 'it was accepted',
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ServiceError);
  expect((error as ServiceError).cause).toMatchObject({ code: RESOURCE_EXHAUSTED });
}

/** The same on a disk that is said to be full and on one that nearly is. */
async function livesThroughLowSpace(path: string, fill: () => void, free: () => void): Promise<void> {
  const { open, opened } = gate();
  const troupe = await openOn(path, async (what) => {
    if (what === '1b') await opened;
    return what;
  });
  const { workflow } = troupe.client;
  const waiting = await workflow.start(waits, { workflowId: 'waits' });
  const working = await workflow.start(job, { workflowId: 'works', args: [1] });
  const full = next(troupe, 'storeFull');
  fill();
  expect((await full).freeBytes).toBeLessThan(4 * MB);

  await expectRefused(workflow.start(waits, { workflowId: 'refused' }));
  await expectRefused(workflow.signalWithStart(waits, { workflowId: 'refused', signal: go }));
  // What runs goes on.
  await waiting.signal(go);
  expect(await waiting.result()).toBe('went');
  open();
  expect(await working.result()).toBe('1a 1b');

  const ok = next(troupe, 'storeOk');
  free();
  await ok;
  await workflow.start(waits, { workflowId: 'later' });
  await troupe.close();

  const again = await openOn(path, async (what) => what);
  const handle = (workflowId: string) => again.client.workflow.getHandle(workflowId);
  expect(await handle('waits').result()).toBe('went');
  expect(await handle('works').result()).toBe('1a 1b');
  await handle('later').signal(go);
  expect(await handle('later').result()).toBe('went');
  await expect(handle('refused').describe()).rejects.toThrow(/not found/);
  await again.close();
}

describe('a disk that is nearly full', () => {
  afterEach(() => {
    vi.restoreAllMocks();
    removeTemporaryFolders();
  });

  test('as the file system tells: new workflows are refused, running ones go on, nothing is lost', async () => {
    const path = temporaryFolder();
    const real = await fsPromises.statfs(path);
    await livesThroughLowSpace(
      path,
      () => vi.spyOn(fsPromises, 'statfs').mockResolvedValue({ ...real, bavail: 100 }),
      () => vi.restoreAllMocks(),
    );
  });
});

/** Where this process may mount: a file system in memory that is really full. */
const mounted: string[] = [];

function mountSmallDisk(): string {
  const path = temporaryFolder();
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_MB}m`, 'tmpfs', path], { stdio: 'ignore' });
  mounted.push(path);
  return path;
}

function unmountAll(): void {
  for (const path of mounted.splice(0)) execFileSync('umount', ['-l', path], { stdio: 'ignore' });
  removeTemporaryFolders();
}

function mayMount(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  try {
    mountSmallDisk();
    return true;
  } catch {
    return false;
  } finally {
    unmountAll();
  }
}

/** Leaves so many bytes. */
function fillDisk(disk: string, leaveBytes: number): void {
  const file = openSync(join(disk, 'filler'), 'w');
  const chunk = Buffer.alloc(64 * 1_024, 1);
  try {
    for (;;) {
      const { bavail, bsize } = statfsSync(disk);
      const room = bavail * bsize - leaveBytes;
      if (room <= 0) return;
      writeSync(file, chunk, 0, Math.min(room, chunk.length));
    }
  } finally {
    closeSync(file);
  }
}

if (mayMount()) {
  describe('a small disk of its own (a mounted tmpfs; only where the superuser runs the tests)', () => {
    afterEach(unmountAll);

    test('nearly full: new workflows are refused, running ones go on, nothing is lost', async () => {
      const disk = mountSmallDisk();
      const path = join(disk, 'store');
      await livesThroughLowSpace(
        path,
        () => fillDisk(disk, 2 * MB),
        () => rmSync(join(disk, 'filler')),
      );
    });

    test('full in the middle of a commit: the commit is absent, the engine goes on, and so does all when there is room', async () => {
      const disk = mountSmallDisk();
      const path = join(disk, 'store');
      mkdirSync(path);
      // Without a guard only a commit can find the disk full.
      const troupe = await openOn(path, async (what) => what, { minFreeBytes: 0 });
      const { workflow } = troupe.client;
      const handles = await Promise.all(
        Array.from({ length: 5 }, (_, index) => workflow.start(waits, { workflowId: `waits-${index}` })),
      );
      let refused: Promise<void> | undefined;
      const full = next(troupe, 'storeFull');
      troupe.on('storeFull', () => {
        refused ??= expectRefused(workflow.start(waits, { workflowId: 'refused' }));
      });
      fillDisk(disk, 0);
      let acknowledged = 0;
      const big = 'x'.repeat(MB);
      const signals = handles.map(async (handle) => {
        await handle.signal<[string]>('go', big);
        acknowledged += 1;
      });
      await full;
      await refused;
      expect(refused).toBeDefined();
      expect(acknowledged).toBe(0);
      expect(troupe.failure).toBeUndefined();

      rmSync(join(disk, 'filler'));
      await Promise.all(signals);
      for (const handle of handles) expect(await handle.result()).toBe('went');
      expect(await workflow.execute(job, { workflowId: 'new', args: [2] })).toBe('2a 2b');
      await troupe.close();

      const again = await openOn(path, async (what) => what);
      for (const { workflowId } of handles) {
        const { events } = await again.client.workflow.getHandle(workflowId).fetchHistory();
        const signalled = events.filter(
          ({ eventType }) => eventType === 'EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED',
        );
        expect(signalled).toHaveLength(1);
      }
      expect((await again.client.workflow.count("ExecutionStatus = 'Completed'")).count).toBe(6);
      await again.close();
    });

    test('full when it is opened: refused with the reason, and nothing is lost', async () => {
      const disk = mountSmallDisk();
      const path = join(disk, 'store');
      const first = await openOn(path, async (what) => what);
      await first.client.workflow.start(waits, { workflowId: 'kept' });
      await first.close();
      fillDisk(disk, 0);
      await expect(openOn(path, async (what) => what)).rejects.toMatchObject({
        name: 'StoreUnavailableError',
        reason: 'noSpace',
      });
      rmSync(join(disk, 'filler'));
      const again = await openOn(path, async (what) => what);
      await again.client.workflow.getHandle('kept').signal(go);
      expect(await again.client.workflow.getHandle('kept').result()).toBe('went');
      await again.close();
    });
  });
}
