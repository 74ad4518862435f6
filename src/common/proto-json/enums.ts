// Temporal's enums: our word, the name on the wire, the number. Pure.
import { HistoryFormatError, nameOf } from './json';
import type { Codec } from './fields';

/** A word that the wire spells in another way is given with its name there. */
type WordNumbers<Word extends string> = Readonly<
  Record<Word, number | readonly [number: number, name: string]>
>;

export interface EnumCodec<Word extends string> extends Codec<Word> {
  /** Undefined: not one of these words. Also names without the prefix, and the upper camel case of older tools. */
  readonly find: (json: unknown) => Word | undefined;
}

/** The table must have every word of the type. */
export function enumeration<Word extends string>(
  prefix: string,
  numbers: WordNumbers<Word>,
): EnumCodec<Word> {
  const words = Object.keys(numbers) as Word[];
  const spellings = new Map<string | number, Word>();
  for (const word of words) {
    spellings.set(numberOf(numbers[word]), word);
    spellings.set(canonical(nameOnWire(word)), word);
    // As it nearly always comes.
    spellings.set(prefix + nameOnWire(word), word);
  }
  const canonicalPrefix = canonical(prefix);

  function nameOnWire(word: Word): string {
    const entry = numbers[word];
    return typeof entry === 'number' ? word : entry[1];
  }

  function find(json: unknown): Word | undefined {
    if (typeof json === 'number') return spellings.get(json);
    if (typeof json !== 'string') return undefined;
    const known = spellings.get(json);
    if (known !== undefined) return known;
    const name = canonical(json);
    return spellings.get(name) ?? spellings.get(withoutPrefix(name));
  }

  const withoutPrefix = (name: string): string =>
    name.startsWith(canonicalPrefix) ? name.slice(canonicalPrefix.length) : name;

  return {
    encode: (word) => prefix + nameOnWire(word),
    find,
    isAbsent(json) {
      if (typeof json !== 'string') return json === 0;
      return !spellings.has(json) && withoutPrefix(canonical(json)) === 'UNSPECIFIED';
    },
    decode(json, where) {
      const word = find(json);
      if (word === undefined) {
        throw new HistoryFormatError(where, `${nameOf(json)} is none of ${words.join(', ')}`);
      }
      return word;
    },
  };
}

const numberOf = (entry: number | readonly [number, string]): number =>
  typeof entry === 'number' ? entry : entry[0];

const canonical = (name: string): string => name.replaceAll('_', '').toUpperCase();
