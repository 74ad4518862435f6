// Shows progress: one line that is redrawn in a terminal, a line now and then everywhere else.
import type { WriteStream } from 'node:tty';
import type { Progress } from '../model.ts';
import { bytes, count, seconds } from './format.ts';

const BAR_CELLS = 28;
/** Without a terminal: a line each tenth of the work, and when this much time has passed without one. */
const LINES_PER_AUDIT = 10;
const LINE_EVERY_MS = 10_000;

export class Display {
  private readonly startedAt = performance.now();
  private bar = '';
  private lastTenth = -1;
  private lastLineAt = 0;

  constructor(private readonly out: WriteStream) {
    // Whoever read us is gone: there is nobody left to tell.
    out.on('error', () => undefined);
  }

  /** Text that stays, above the bar. */
  line(text: string): void {
    this.out.write(this.out.isTTY ? `\r\u001b[2K${text}\n${this.bar}` : `${text}\n`);
  }

  progress(progress: Progress): void {
    if (this.out.isTTY) {
      this.bar = fitted(barLine(progress, this.elapsedMs), this.out.columns);
      this.out.write(`\r\u001b[2K${this.bar}`);
    } else if (this.isLineDue(progress)) {
      this.out.write(`  ${factsLine(progress, this.elapsedMs)}\n`);
    }
  }

  /** What is written from now on stays. */
  removeBar(): void {
    if (this.bar !== '') this.out.write('\r\u001b[2K');
    this.bar = '';
  }

  private get elapsedMs(): number {
    return performance.now() - this.startedAt;
  }

  private isLineDue({ tally, total }: Progress): boolean {
    const tenth = total ? Math.floor((tally.packages * LINES_PER_AUDIT) / total) : -1;
    const due = tenth > this.lastTenth || this.elapsedMs - this.lastLineAt > LINE_EVERY_MS;
    if (due) {
      this.lastTenth = Math.max(this.lastTenth, tenth);
      this.lastLineAt = this.elapsedMs;
    }
    return due;
  }
}

function barLine(progress: Progress, elapsedMs: number): string {
  const { total = 0, tally } = progress;
  const full = total === 0 ? 0 : Math.floor((tally.packages / total) * BAR_CELLS);
  return `  ${'█'.repeat(full)}${'░'.repeat(BAR_CELLS - full)}  ${factsLine(progress, elapsedMs)}`;
}

function factsLine({ phase, total, tally, questions }: Progress, elapsedMs: number): string {
  if (phase === 'planning' || total === undefined) return `looking for packages · ${seconds(elapsedMs)}`;
  const facts = [
    `${count(tally.packages)}/${count(total)} packages`,
    `${count(tally.files)} files`,
    bytes(tally.rawBytes),
    seconds(elapsedMs),
  ];
  if (questions.length > 0) {
    const many = questions.length === 1 ? '1 licence waits' : `${count(questions.length)} licences wait`;
    facts.push(`${many} for a decision`);
  }
  return facts.join(' · ');
}

const fitted = (text: string, columns: number): string =>
  text.length < columns ? text : text.slice(0, columns - 1);
