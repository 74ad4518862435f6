// The tokeniser reads what esbuild writes.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { transform } from 'esbuild';
import { describe, expect, test } from 'vitest';
import { tokenize, topLevelStatements } from '../../../src/bundle/tokens.ts';

const texts = (code: string): readonly string[] => tokenize(code).map(({ text }) => text);

describe('tokens', () => {
  test.for([
    [
      'divisions and regular expressions',
      `a / b / c; x = /re[/]x/g; f(/a/, b / 2); return /r/;`,
      [
        'a',
        '/',
        'b',
        '/',
        'c',
        ';',
        'x',
        '=',
        '/re[/]x/g',
        ';',
        'f',
        '(',
        '/a/',
        ',',
        'b',
        '/',
        '2',
        ')',
        ';',
        'return',
        '/r/',
        ';',
      ],
    ],
    [
      'a statement that begins with a regular expression',
      `if (x)\n  /a/.test(y);`,
      ['if', '(', 'x', ')', '/a/', '.', 'test', '(', 'y', ')', ';'],
    ],
    ['templates in templates', '`a${`b${c}`}d` + e', ['`a${', '`b${', 'c', '}`', '}d`', '+', 'e']],
    ['strings', `"a\\"b" + 'c"d'`, [`"a\\"b"`, '+', `'c"d'`]],
    ['comments', `a /* ' */ + // " \n b`, ['a', '+', 'b']],
    ['numbers', `.5 + 1e-7 + 0xFFn + 1_000.5`, ['.5', '+', '1e-7', '+', '0xFFn', '+', '1_000.5']],
    ['names beyond ASCII and private ones', `größe.#x ?? $y?.z`, ['größe', '.', '#x', '??', '$y', '?.', 'z']],
  ] as const)('%s', ([, code, expected]) => {
    expect(texts(code)).toEqual(expected);
  });

  test('brackets carry the depth outside of them', () => {
    expect(tokenize('a({ b: [c] });').map(({ text, depth }) => `${text}${depth}`)).toEqual([
      'a0',
      '(0',
      '{1',
      'b2',
      ':2',
      '[2',
      'c3',
      ']2',
      '}1',
      ')0',
      ';0',
    ]);
  });

  test('statements of the top level begin lines', async () => {
    const { code } = await transform(
      'const a = `x\ny${\n{}\n}z`; function f() {\nreturn 1 }\nexport const b = { c:\n1 }',
      { format: 'cjs' },
    );
    const statements = topLevelStatements(code, tokenize(code)).map(
      (statement) => `${statement[0]?.text} ${statement[1]?.text}`,
    );
    expect(statements.slice(-3)).toEqual(['const a', 'function f', 'const b']);
  });

  test('a large real program is read to its end', async () => {
    const file = createRequire(import.meta.url).resolve('fast-check');
    const { code } = await transform(readFileSync(file, 'utf8'), { format: 'cjs', charset: 'utf8' });
    const tokens = tokenize(code);
    expect(code.length).toBeGreaterThan(200_000);
    expect(tokens.at(-1)?.depth).toBe(0);
    expect(tokens.find(({ text, start, end }) => code.slice(start, end) !== text)).toBeUndefined();
  });
});
