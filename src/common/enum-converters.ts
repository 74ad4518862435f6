// Temporal's enums: strings for users, numbers on the wire. Pure.
import { ValueError } from './errors';

/** Every spelling that users may write: `FAIL`, `WORKFLOW_ID_CONFLICT_POLICY_FAIL`, or the number. */
export type EnumInput<Name extends string, Prefix extends string> =
  Name | `${Prefix}${Name}` | number | null | undefined;

export type EnumEncoder<Name extends string, Prefix extends string> = (
  input: EnumInput<Name, Prefix>,
) => number | undefined;
export type EnumDecoder<Name extends string> = (input: number | null | undefined) => Name | undefined;

/**
 * @param numbers wire number of each name; 0 is "unspecified" unless a name has it
 * @returns an encoder, which lets unknown numbers pass and throws ValueError on unknown names, and a decoder, which
 *   names numbers it does not know `unknown_<number>`: a newer peer must not break an older one
 */
export function makeEnumConverters<Name extends string, Prefix extends string>(
  numbers: { readonly [N in Name]: number },
  prefix: Prefix,
): [encode: EnumEncoder<Name, Prefix>, decode: EnumDecoder<Name>] {
  const names = Object.keys(numbers) as Name[];
  const known = (name: string): name is Name => Object.hasOwn(numbers, name);

  function encode(input: EnumInput<Name, Prefix>): number | undefined {
    if (input === null || input === undefined) return undefined;
    if (typeof input === 'number') return input;
    if (typeof input !== 'string') throw new ValueError(`Invalid enum value of type ${typeof input}`);
    const name = input.startsWith(prefix) ? input.slice(prefix.length) : input;
    if (known(name)) return numbers[name];
    if (name === 'UNSPECIFIED') return 0;
    throw new ValueError(`Invalid enum value: '${input}' is none of ${names.join(', ')}`);
  }

  function decode(input: number | null | undefined): Name | undefined {
    if (input === null || input === undefined) return undefined;
    if (typeof input !== 'number') {
      throw new ValueError(`Invalid enum value: '${String(input)}' is not a number`);
    }
    const name = names.find((candidate) => numbers[candidate] === input);
    if (name !== undefined) return name;
    return input === 0 ? undefined : (`unknown_${input}` as Name);
  }

  return [encode, decode];
}
