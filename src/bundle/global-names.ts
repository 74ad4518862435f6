// Globals that workflow code makes: `globalThis.name = …` lands on the execution's own object, which no bare `name` would find.
// esbuild turns exactly the bare reads into `globalThis.name`, because it knows the scopes. Pure.
import type { Token } from './tokens';

const HOLDERS = new Set(['globalThis', 'global', 'self']);

/** Names that some module puts on the global object, and some module (perhaps) reads bare. */
export function globalsToDefine(modules: readonly (readonly Token[])[]): readonly string[] {
  const written = new Set(modules.flatMap(writtenGlobals));
  if (written.size === 0) return [];
  const readBare = new Set<string>();
  for (const tokens of modules) {
    tokens.forEach(({ kind, text }, i) => {
      const previous = tokens[i - 1]?.text;
      if (kind === 'name' && written.has(text) && previous !== '.' && previous !== '?.') readBare.add(text);
    });
  }
  return [...readBare].sort();
}

function writtenGlobals(tokens: readonly Token[]): readonly string[] {
  return tokens.flatMap(({ text }, i) => {
    const [dot, name, operator] = tokens.slice(i + 1, i + 4);
    if (!HOLDERS.has(text) || tokens[i - 1]?.text === '.' || dot?.text !== '.' || name?.kind !== 'name')
      return [];
    const isWritten = /^(=|\?\?=|\|\|=|&&=)$/.test(operator?.text ?? '');
    return isWritten && !HOLDERS.has(name.text) ? [name.text] : [];
  });
}
