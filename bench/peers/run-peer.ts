// One peer, one workload, in a process of its own. Started by main.ts; if that ends, this ends too, and its servers with it.
import { CannotRun } from './lib/peer.ts';
import type { Peer } from './lib/peer.ts';
import type { Gap, Job, PeerMessage } from './lib/job.ts';
import { inFlightMax, measure } from './lib/workloads.ts';

const { adapter, sizes, ...context } = JSON.parse(process.argv[2] ?? '') as Job;
const { workload } = context;
process.on('disconnect', () => process.exit(1));

const { default: peer } = (await import(`./adapters/${adapter}.ts`)) as { default: Peer };
const { title, settings } = peer;
const notOffered = peer.notOffered?.[workload];
await tell({ kind: 'facts', facts: { title, settings } });
if (notOffered === undefined) {
  try {
    await peer.run({ ...context, inFlightMax: inFlightMax(workload, sizes) }, async (running) => {
      const { versions, checked } = running;
      await tell({ kind: 'facts', facts: { title, settings, versions, ...(checked && { checked }) } });
      const rows: Promise<void>[] = [];
      await measure(workload, running, {
        ...sizes,
        peer: title,
        progress: (text) => void tell({ kind: 'progress', text }),
        tell: (row) => void rows.push(tell({ kind: 'row', row })),
      });
      await Promise.all(rows);
    });
  } catch (error) {
    await tellGap(error instanceof CannotRun ? 'cannot run' : 'failed', reasonOf(error));
  }
} else {
  await tellGap('not offered', notOffered);
}
// Some peers leave timers and connections behind.
process.removeAllListeners('disconnect');
process.exit(0);

function tellGap(kind: Gap['kind'], reason: string): Promise<void> {
  return tell({ kind: 'gap', gap: { peer: title, workload, kind, reason } });
}

function tell(message: PeerMessage): Promise<void> {
  return new Promise((resolve, reject) => {
    process.send?.(message, undefined, {}, (error) => (error ? reject(error) : resolve()));
  });
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? '' : ` (${reasonOf(error.cause)})`;
  return `${error.message}${cause}`.replace(/\s+/g, ' ').slice(0, 500);
}
