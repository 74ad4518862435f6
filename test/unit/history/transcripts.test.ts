// What the engine decides, told as text: each file under transcripts/ is a script and what came of it.
// `TRANSCRIPTS=write` writes down what comes of it now: read the difference before it is committed.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runLine } from './script';
import { World } from './world';

const FOLDER = join(__dirname, 'transcripts');
const isWriting = process.env['TRANSCRIPTS'] === 'write';

/** `== title` begins a new world, `# …` is a remark, `> …` is a line of the script; the rest is what came of it. */
function replay(text: string): string {
  let world = new World();
  const lines: string[] = [];
  for (const line of text.split('\n')) {
    if (line.startsWith('== ')) {
      world = new World();
      if (lines.length > 0) lines.push('');
      lines.push(line);
    } else if (line.startsWith('# ')) {
      lines.push(line);
    } else if (line.startsWith('> ')) {
      lines.push(line, ...runLine(world, line.slice(2)));
    }
  }
  return `${lines.join('\n')}\n`;
}

describe('the engine decides as its transcripts say', () => {
  for (const file of readdirSync(FOLDER).filter((name) => name.endsWith('.txt'))) {
    test(file, () => {
      const path = join(FOLDER, file);
      const text = readFileSync(path, 'utf8');
      const told = replay(text);
      if (isWriting) writeFileSync(path, told);
      expect(told).toBe(isWriting ? told : text);
    });
  }
});
