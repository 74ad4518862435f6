// Tokens of JavaScript as esbuild prints it. Pure. Relies on esbuild's layout: binary operators stand between spaces on
// one line, and whatever begins a statement of the top level begins its line.

export type TokenKind = 'name' | 'string' | 'template' | 'number' | 'regex' | 'punctuator';

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** Brackets around it: 0 at the top level; an opening or closing bracket has the depth outside. */
  readonly depth: number;
}

const NAME = /[\p{ID_Start}$_#\\][\p{ID_Continue}$\u200c\u200d\\{}]*/uy;
const ASCII_NAME = /[A-Za-z$_#][\w$]*/y;
const NUMBER =
  /(?:0[xXoObB][\da-fA-F_]+|\d[\d_]*(?:\.[\d_]*)?(?:[eE][+-]?\d+)?|\.\d[\d_]*(?:[eE][+-]?\d+)?)n?/y;
const PUNCTUATOR =
  />>>=|\.\.\.|===|!==|\*\*=|<<=|>>=|>>>|&&=|\|\|=|\?\?=|=>|==|!=|<=|>=|&&|\|\||\?\?|\?\.(?!\d)|\+\+|--|\+=|-=|\*=|\/=|%=|&=|\|=|\^=|<<|>>|\*\*|[{}()[\];,<>+\-*/%&|^!~?:=.@]/y;
const REGEX = /\/(?:[^\\/[\n]|\\.|\[(?:[^\\\]\n]|\\.)*\])+\/\w*/y;

/** After these, a slash begins a regular expression. */
const BEFORE_OPERAND = new Set(
  'return typeof case in of instanceof new delete void throw await yield else do default extends'.split(' '),
);

export function tokenize(code: string): Token[] {
  const tokens: Token[] = [];
  /** What is open: a bracket, or a template's `${`. */
  const open: string[] = [];
  let at = 0;

  const push = (kind: TokenKind, end: number, depth = open.length): void => {
    tokens.push({ kind, text: code.slice(at, end), start: at, end, depth });
    at = end;
  };
  const match = (pattern: RegExp): number => {
    pattern.lastIndex = at;
    return pattern.test(code) ? pattern.lastIndex : at;
  };
  /** From a backtick, or the brace that ends a substitution, to the next substitution or the end. */
  const pushTemplate = (depth: number): void => {
    let end = at + 1;
    while (end < code.length) {
      const character = code[end];
      if (character === '\\') end += 2;
      else if (character === '`') return push('template', end + 1, depth);
      else if (character === '$' && code[end + 1] === '{') {
        push('template', end + 2, depth);
        open.push('${');
        return;
      } else end++;
    }
    push('template', end, depth);
  };

  while (at < code.length) {
    const character = code[at] as string;
    if (character === ' ' || character === '\n' || character === '\t' || character === '\r') {
      at++;
    } else if (character === '/' && code[at + 1] === '/') {
      at = endOf(code, '\n', at);
    } else if (character === '/' && code[at + 1] === '*') {
      at = endOf(code, '*/', at + 2);
    } else if (character === '"' || character === "'") {
      push('string', endOfString(code, at));
    } else if (character === '`') {
      pushTemplate(open.length);
    } else if (character === '}' && open.at(-1) === '${') {
      open.pop();
      pushTemplate(open.length);
    } else if (character === '/' && beginsRegex(code, tokens.at(-1), at) && match(REGEX) > at) {
      push('regex', match(REGEX));
    } else if (match(ASCII_NAME) > at && !isWide(code, match(ASCII_NAME))) {
      push('name', match(ASCII_NAME));
    } else if (match(NUMBER) > at) {
      push('number', match(NUMBER));
    } else if (match(PUNCTUATOR) > at) {
      if (character === ')' || character === ']' || character === '}') open.pop();
      push('punctuator', match(PUNCTUATOR));
      if (character === '(' || character === '[' || character === '{') open.push(character);
    } else if (match(NAME) > at) {
      push('name', match(NAME));
    } else {
      // White space beyond ASCII, or nothing that esbuild prints.
      at++;
    }
  }
  return tokens;
}

function endOf(code: string, terminator: string, from: number): number {
  const found = code.indexOf(terminator, from);
  return found === -1 ? code.length : found + terminator.length;
}

function endOfString(code: string, start: number): number {
  const quote = code[start];
  let end = start + 1;
  while (end < code.length && code[end] !== quote) end += code[end] === '\\' ? 2 : 1;
  return end + 1;
}

const isWide = (code: string, at: number): boolean =>
  at < code.length && (code.charCodeAt(at) > 0x7f || code[at] === '\\');

function beginsRegex(code: string, previous: Token | undefined, at: number): boolean {
  if (previous === undefined) return true;
  if (previous.kind === 'name') return BEFORE_OPERAND.has(previous.text);
  const endsOperand = previous.kind !== 'punctuator' || [')', ']', '}', '++', '--'].includes(previous.text);
  if (!endsOperand) return !(previous.kind === 'punctuator' && previous.text === '.');
  if (previous.kind === 'template' && previous.text.endsWith('${')) return true;
  // After a statement's end a new line begins; a division never does.
  return code.slice(previous.end, at).includes('\n');
}

/** Splits at the statements of the top level, which begin their lines. */
export function topLevelStatements(code: string, tokens: readonly Token[]): readonly (readonly Token[])[] {
  const statements: Token[][] = [];
  for (const token of tokens) {
    const beginsLine = token.start === 0 || code[token.start - 1] === '\n';
    const begins = token.depth === 0 && beginsLine && !['}', ')', ']'].includes(token.text[0] as string);
    if (begins || statements.length === 0) statements.push([]);
    (statements.at(-1) as Token[]).push(token);
  }
  return statements;
}
