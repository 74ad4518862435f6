// The parts of the audit that need no engine: what counts as a package, what a licence is, files that survive a kill.
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AppendOnlyFile, readLines } from '../../../examples/audit/lib/ledger.ts';
import { classify } from '../../../examples/audit/lib/licences.ts';
import { parseOptions, UsageError } from '../../../examples/audit/lib/options.ts';
import { findPackages } from '../../../examples/audit/lib/packages.ts';
import { TroubleList } from '../../../examples/audit/lib/troubles.ts';
import { filesOf } from '../../../examples/audit/lib/walk.ts';
import { squarify } from '../../../examples/audit/report/treemap.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'troupe-audit-parts-'));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

const write = (name: string, content = ''): void => {
  const file = path.join(root, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, content);
};
const packagesIn = async (folder: string): Promise<string[]> =>
  (await findPackages(folder, [], () => undefined)).map(({ path: name, kind }) => `${kind} ${name}`);

describe('what counts as a package', () => {
  test('in a node_modules every folder does, with or without a manifest, but no folder inside of one', async () => {
    write('node_modules/a/package.json', '{"name":"a"}');
    write('node_modules/a/test/package.json', '{"name":"a-test"}');
    write('node_modules/a/node_modules/b/package.json', '{"name":"b"}');
    write('node_modules/@s/c/index.js');
    write('node_modules/.bin/tool');
    write('node_modules/.pnpm/d@1/node_modules/d/package.json', '{"name":"d"}');
    expect(await packagesIn(path.join(root, 'node_modules'))).toEqual([
      'installed .pnpm/d@1/node_modules/d',
      'installed @s/c',
      'installed a',
      'installed a/node_modules/b',
    ]);
  });

  test('elsewhere a folder with a named manifest does, or with a broken one', async () => {
    write('package.json', '{"name":"root","workspaces":["packages/*"]}');
    write('packages/one/package.json', '{"name":"one"}');
    write('packages/one/dist/package.json', '{"type":"module"}');
    write('packages/two/package.json', '{ broken');
    write('docs/readme.md');
    expect(await packagesIn(root)).toEqual(['own .', 'own packages/one', 'own packages/two']);
  });

  test('a folder without any manifest is audited as a whole, an empty one has nothing', async () => {
    expect(await packagesIn(root)).toEqual([]);
    write('some/file.txt');
    expect(await packagesIn(root)).toEqual(['whole .']);
  });

  test('the files of a package are those of no other package, and links are not followed', async () => {
    write('package.json', '{"name":"root"}');
    write('src/a.js');
    write('node_modules/x/index.js');
    write('packages/one/package.json', '{"name":"one"}');
    symlinkSync('..', path.join(root, 'src/up'));
    symlinkSync('a.js', path.join(root, 'src/alias.js'));
    const troubles = new TroubleList();
    const found: string[] = [];
    const pkg = { index: 0, path: '.', kind: 'own' } as const;
    for await (const file of filesOf({ folder: root, pkg, skip: [], troubles })) found.push(file.path);
    expect(found).toEqual(['package.json', 'src/a.js']);
    expect(troubles.troubles.listed).toEqual([
      { path: 'src/up', what: expect.stringContaining('a loop') as string },
    ]);
  });
});

describe('licences', () => {
  test.each([
    ['MIT', undefined, 'permissive'],
    ['(MIT OR GPL-3.0-or-later)', undefined, 'permissive'],
    ['MIT AND GPL-3.0-only', undefined, 'copyleft'],
    ['GPL-2.0-only WITH Classpath-exception-2.0', undefined, 'copyleft'],
    ['CC0-1.0', undefined, 'public domain'],
    ['UNLICENSED', undefined, 'proprietary'],
    ['Own-1.0', undefined, 'unknown'],
    ['(MIT', undefined, 'unknown'],
    [undefined, 'Apache License\n  Version 2.0, January 2004', 'permissive'],
    ['SEE LICENSE IN LICENSE', 'Mozilla Public License Version 2.0', 'weak copyleft'],
    [undefined, undefined, 'unknown'],
  ])('%s with the text %s is %s', (declared, text, kind) => {
    expect(classify(declared, text).kind).toBe(kind);
  });
});

describe('append-only files', () => {
  test('lines that come together are written together, in their order', async () => {
    const file = path.join(root, 'lines.jsonl');
    const lines = new AppendOnlyFile<{ n: number }>(file);
    await Promise.all([1, 2, 3, 4].map((n) => lines.append({ n })));
    expect(readLines(file)).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }, { n: 4 }]);
  });

  test('half a line, left by a kill, spoils neither the lines before nor those after', async () => {
    const file = path.join(root, 'lines.jsonl');
    await new AppendOnlyFile<{ n: number }>(file).append({ n: 1 });
    appendFileSync(file, '{"n":2,"half');
    await new AppendOnlyFile<{ n: number }>(file).append({ n: 3 });
    expect(readLines(file)).toEqual([{ n: 1 }, { n: 3 }]);
  });
});

test('the tiles of a treemap fill its area, each by its share', () => {
  const sizes = [6, 6, 4, 3, 2, 2, 1];
  const tiles = squarify(sizes, (size) => size, { x: 0, y: 0, width: 600, height: 400 });
  expect(tiles).toHaveLength(sizes.length);
  for (const { item, width, height } of tiles) expect(width * height).toBeCloseTo((item / 24) * 240_000, 3);
  expect(tiles[0]).toMatchObject({ x: 0, y: 0, width: 300, height: 200 });
});

describe('the command line', () => {
  test.each([
    [['--window', '0'], '--window'],
    [['--wait', 'soon'], '--wait'],
    [['--wait', ''], '--wait'],
    [['a', 'b'], 'one folder'],
    [['/there/is/no/such/folder'], 'no folder'],
    [['--nonsense'], '--nonsense'],
    [['--report', tmpdir()], 'is a folder'],
  ])('%j is refused', (args, words) => {
    expect(() => parseOptions(args)).toThrow(UsageError);
    expect(() => parseOptions(args)).toThrow(words);
  });
});
