// Exports of an execution's own ES modules as plain values instead of getters, where no binding can change once the module has run.
// V8 puts a getter's accessor pair into the old space, and there a dead execution hangs on it until the next full collection:
// measured, a first turn costs 12 µs instead of 16 to 31. Pure.
import { reassigned } from './assignments';
import type { Edit } from './edits';
import type { Token } from './tokens';

export interface ExportRewrite {
  readonly edits: readonly Edit[];
  /** To run at the module's end. */
  readonly epilogue: string;
}

interface Entry {
  readonly key: Token;
  readonly expression: readonly Token[];
}

/**
 * `isConstant` knows the variables of imports whose modules never change what they export. Not for modules that import each other
 * in a circle: somebody may look before their end.
 */
export function exportValues(
  code: string,
  statements: readonly (readonly Token[])[],
  isConstant: (importVariable: string) => boolean,
): ExportRewrite {
  // `export *` gives way to the module's own exports: they must be there first.
  if (statements.some(([first]) => first?.text === '__reExport')) return { edits: [], epilogue: '' };
  const statement = statements.find(([first]) => first?.text === '__export');
  const target = statement?.[2]?.text;
  const entries = statement === undefined ? [] : entriesOf(statement);
  const first = statement?.[0];
  const last = statement?.at(-1);
  if (first === undefined || last === undefined || target === undefined) return { edits: [], epilogue: '' };
  const locals = new Set(
    entries.flatMap(({ expression }) => (expression.length === 1 ? [expression[0]?.text ?? ''] : [])),
  );
  const changing = reassigned(statements.filter((other) => other !== statement).flat(), locals);
  const isValue = ({ key, expression: [object, dot, property, ...more] }: Entry): boolean => {
    if (/__proto__/.test(key.text) || object?.kind !== 'name') return false;
    if (dot === undefined) return !changing.has(object.text);
    return dot.text === '.' && property?.kind === 'name' && more.length === 0 && isConstant(object.text);
  };
  const live = entries.filter((entry) => !isValue(entry));
  const textOf = ({ expression }: Entry): string => code.slice(expression[0]?.start, expression.at(-1)?.end);
  // As many lines as before.
  const lines = code.slice(first.start, last.end).replace(/[^\n]/g, '');
  const remaining = live.map((entry) => `${entry.key.text}: () => ${textOf(entry)}`).join(', ');
  const text = (live.length === 0 ? '' : `__export(${target}, { ${remaining} });`) + lines;
  const assigned = entries
    .filter(isValue)
    .map((entry) => `${target}${memberOf(entry.key)} = ${textOf(entry)};\n`)
    .join('');
  return { edits: [{ start: first.start, end: last.end, text }], epilogue: assigned };
}

const memberOf = ({ kind, text }: Token): string => (kind === 'name' ? `.${text}` : `[${text}]`);

/** `key: () => expression`, again and again, as esbuild prints them. */
function entriesOf(statement: readonly Token[]): readonly Entry[] {
  const entries: Entry[] = [];
  let current: Token[] = [];
  for (const token of statement.slice(5)) {
    const isEnd = token.depth === 1 && token.text === '}';
    if (!isEnd && !(token.depth === 2 && token.text === ',')) {
      current.push(token);
      continue;
    }
    const [key, colon, open, close, arrow, ...expression] = current;
    const isGetter = `${colon?.text}${open?.text}${close?.text}${arrow?.text}` === ':()=>';
    if (key !== undefined && isGetter) entries.push({ key, expression });
    current = [];
    if (isEnd) break;
  }
  return entries;
}
