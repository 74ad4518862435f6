// What a run says: a table for people, JSON for machines, a page.
import { writeFileSync } from 'node:fs';
import { pageOf, sideBySideTable, tableOf } from '../../lib/html.ts';
import type { MachineFacts } from '../../lib/machine.ts';
import type { Row } from '../../lib/measure.ts';
import { DISTURBED_NOTE, renderSideBySide, sideBySide } from '../../lib/side-by-side.ts';
import { renderTable } from '../../lib/table.ts';
import type { Gap, PeerFacts, PeerMessage } from './job.ts';
import type { WorkloadId } from './peer.ts';
import type { Sizes } from './workloads.ts';

export interface PeerReport {
  readonly version: 1;
  readonly at: string;
  readonly mode: 'quick' | 'full';
  readonly sizes: Sizes;
  readonly machine: MachineFacts;
  readonly peers: readonly PeerFacts[];
  readonly rows: readonly Row[];
  readonly gaps: readonly Gap[];
}

export class PeerReportBuilder {
  private readonly at = new Date().toISOString();
  private readonly peers = new Map<string, PeerFacts>();
  private readonly rows: Row[] = [];
  private readonly gaps: Gap[] = [];

  constructor(private readonly run: Pick<PeerReport, 'mode' | 'sizes' | 'machine'>) {}

  hear(adapter: string, message: PeerMessage): void {
    if (message.kind === 'facts') this.peers.set(adapter, { ...this.peers.get(adapter), ...message.facts });
    else if (message.kind === 'row') this.rows.push(message.row);
    else if (message.kind === 'gap') this.gaps.push(message.gap);
  }

  fail(adapter: string, workload: WorkloadId, reason: string): void {
    const { title } = this.peers.get(adapter) ?? { title: adapter };
    if (!this.peers.has(adapter)) this.peers.set(adapter, { title, settings: [] });
    this.gaps.push({ peer: title, workload, kind: 'failed', reason });
  }

  result(): PeerReport {
    const { run, at, peers, rows, gaps } = this;
    return { version: 1, at, ...run, peers: [...peers.values()], rows, gaps };
  }
}

export function renderPeers(report: PeerReport): string {
  const { peers, rows, gaps } = report;
  const titles = peers.map(({ title }) => title);
  return [
    ...headOf(report),
    '',
    renderSideBySide(sideBySide(titles, rows, gaps)),
    DISTURBED_NOTE,
    '',
    ...peers.flatMap(({ title }) => {
      const own = rows.filter(({ peer }) => peer === title);
      return own.length === 0 ? [] : [title, renderTable(own), ''];
    }),
    ...peers.flatMap((peer) => [`${peer.title}: ${peer.versions ?? 'not started'}`, ...notesOf(peer, gaps)]),
    '',
    'Cores and the load of others count a server, or a database that the bench started, as the peer’s own.',
  ].join('\n');
}

function headOf({ machine, mode, sizes }: PeerReport): string[] {
  const { processor, cores, memoryGb, system } = machine;
  const { repetitions } = sizes.repeats;
  return [
    `Troupe and its peers · ${mode}, ${repetitions} repetition${repetitions === 1 ? '' : 's'} of ${sizes.window.windowMs / 1_000} s · every answer durable`,
    `${processor}, ${cores} cores, ${memoryGb} GB · ${system}`,
  ];
}

function notesOf({ title, settings, checked }: PeerFacts, gaps: readonly Gap[]): string[] {
  const reasons = new Map<string, string[]>();
  for (const { peer, workload, kind, reason } of gaps) {
    if (peer !== title) continue;
    const key = `${kind}: ${reason}`;
    reasons.set(key, [...(reasons.get(key) ?? []), workload]);
  }
  return [
    ...settings.map((setting) => `  · ${setting}`),
    ...(checked ? [`  · read back from the server: ${checked.join(', ')}`] : []),
    ...[...reasons].map(([reason, workloads]) => `  ✗ ${workloads.join(', ')} ${reason}`),
  ];
}

export function writePeersJson(file: string, report: PeerReport): void {
  writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`);
}

export function writePeersHtml(file: string, report: PeerReport): void {
  const { peers, rows, gaps, at } = report;
  const table = sideBySideTable(
    sideBySide(
      peers.map(({ title }) => title),
      rows,
      gaps,
    ),
  );
  const notes = peers.map((peer) => ({
    title: `${peer.title} ${peer.versions ?? ''}`,
    lines: notesOf(peer, gaps),
  }));
  const page = pageOf({
    title: 'Troupe and its peers',
    intro: [...headOf(report), at, DISTURBED_NOTE],
    parts: [table, tableOf(rows)],
    notes,
  });
  writeFileSync(file, page);
}
