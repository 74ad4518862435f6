// Makes Temporal's enums: objects of strings, with the long spelling of each name beside it. Pure.
import { makeEnumConverters, type EnumDecoder, type EnumEncoder } from './enum-converters';

/** `{ FAIL: 'FAIL', WORKFLOW_ID_CONFLICT_POLICY_FAIL: 'FAIL', WORKFLOW_ID_CONFLICT_POLICY_UNSPECIFIED: undefined }` */
export type EnumObject<Name extends string, Prefix extends string> = { readonly [N in Name]: N } & {
  readonly [N in Name as `${Prefix}${N}`]: N;
} & { readonly [U in `${Prefix}UNSPECIFIED`]: undefined };

/** @param numbers wire number of each name */
export function makeEnum<const Name extends string, const Prefix extends string>(
  numbers: { readonly [N in Name]: number },
  prefix: Prefix,
): readonly [names: EnumObject<Name, Prefix>, encode: EnumEncoder<Name, Prefix>, decode: EnumDecoder<Name>] {
  const object: Record<string, string | undefined> = {};
  for (const name of Object.keys(numbers)) object[name] = name;
  for (const name of Object.keys(numbers)) object[`${prefix}${name}`] = name;
  object[`${prefix}UNSPECIFIED`] = undefined;
  return [object as EnumObject<Name, Prefix>, ...makeEnumConverters(numbers, prefix)];
}
