// One runner at a time works at a data folder, and the latest start wins: whoever came before is asked to stop. So a
// command whose terminal or npm was killed, and which lives on unseen, makes way for the next one.
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { replaceFile } from './data-folder.ts';

const LOOK_EVERY_MS = 250;

export class Turnstile {
  private readonly ticket = randomUUID();
  private readonly file: string;
  private readonly timer: NodeJS.Timeout;

  constructor(data: string, onOvertaken: () => void) {
    this.file = path.join(data, 'runner');
    replaceFile(this.file, this.ticket);
    this.timer = setInterval(() => {
      if (this.isOvertaken()) onOvertaken();
    }, LOOK_EVERY_MS);
  }

  close(): void {
    clearInterval(this.timer);
  }

  private isOvertaken(): boolean {
    try {
      return readFileSync(this.file, 'utf8') !== this.ticket;
    } catch {
      // Removed with the rest of the folder, perhaps: nobody has taken over.
      return false;
    }
  }
}
