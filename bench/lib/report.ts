// What a whole run says: for people a table, for machines JSON.
import { readFileSync, writeFileSync } from 'node:fs';
import type { MachineFacts } from './machine.ts';
import type { Row } from './measure.ts';
import { renderTable } from './table.ts';
import type { EngineChoice } from './workload.ts';

export interface Report {
  readonly version: 1;
  readonly troupe: string;
  readonly at: string;
  readonly mode: 'quick' | 'full';
  readonly repetitions: number;
  readonly engine: EngineChoice;
  readonly machine: MachineFacts;
  readonly rows: readonly Row[];
}

export const troupeVersion = (): string => {
  const file = new URL('../../package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
};

export function writeJson(file: string, report: Report): void {
  writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`);
}

export function renderReport({ troupe, machine, mode, repetitions, engine, rows }: Report): string {
  const { processor, cores, memoryGb, system, node } = machine;
  const threads = engine.threads === undefined ? 'default threads' : `${engine.threads} threads`;
  return [
    `troupe ${troupe} · ${engine.store} store, ${threads} · ${mode}, ${repetitions} repetition${repetitions === 1 ? '' : 's'}`,
    `${processor}, ${cores} cores, ${memoryGb} GB · ${system} · Node ${node}`,
    '',
    renderTable(rows),
    '',
    engine.store === 'memory'
      ? 'The memory store keeps nothing: these figures stand beside those of the disk, not for them.'
      : 'Every answer was given after its commit was durable: checked for each one.',
  ].join('\n');
}
