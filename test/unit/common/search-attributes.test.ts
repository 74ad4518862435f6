import { describe, expect, test } from 'vitest';
import { ValueError } from '../../../src/common/errors';
import {
  decodeSearchAttributes,
  decodeTypedSearchAttributes,
  encodeSearchAttributes,
} from '../../../src/common/payload/search-attribute-payloads';
import {
  defineSearchAttributeKey,
  TypedSearchAttributes,
  type SearchAttributePair,
  type SearchAttributes,
  type SearchAttributeType,
} from '../../../src/common/search-attributes';

const city = defineSearchAttributeKey('City', 'KEYWORD');
const amount = defineSearchAttributeKey('Amount', 'INT');
const due = defineSearchAttributeKey('Due', 'DATETIME');
const tags = defineSearchAttributeKey('Tags', 'KEYWORD_LIST');

describe('typed search attributes', () => {
  const pairs: SearchAttributePair[] = [
    { key: city, value: 'Bonn' },
    { key: amount, value: 12 },
    { key: due, value: new Date('2026-01-02T03:04:05.678Z') },
    { key: tags, value: ['a', 'b'] },
    { key: defineSearchAttributeKey('Rate', 'DOUBLE'), value: 1.5 },
    { key: defineSearchAttributeKey('Paid', 'BOOL'), value: false },
    { key: defineSearchAttributeKey('Note', 'TEXT'), value: 'some words' },
  ];

  test('are found by key, when name and type agree', () => {
    const attributes = new TypedSearchAttributes(pairs);
    expect(attributes.get(city)).toBe('Bonn');
    expect(attributes.get(defineSearchAttributeKey('City', 'TEXT'))).toBeUndefined();
    expect(attributes.get(defineSearchAttributeKey('Other', 'TEXT'))).toBeUndefined();
    expect(attributes.getAll()).toEqual(pairs);
  });

  test('never change: copies are changed', () => {
    const attributes = new TypedSearchAttributes(pairs);
    attributes.get(tags)?.push('c');
    attributes.get(due)?.setTime(0);
    const updated = attributes.updateCopy([
      { key: city, value: null },
      { key: amount, value: 13 },
    ]);
    expect(attributes.getAll()).toEqual(pairs);
    expect(updated.get(city)).toBeUndefined();
    expect(updated.get(amount)).toBe(13);
  });

  test('survive the way through payloads', () => {
    const map = encodeSearchAttributes(undefined, new TypedSearchAttributes(pairs));
    expect(decodeTypedSearchAttributes(map).getAll()).toEqual(pairs);
    expect(decodeSearchAttributes(map)).toMatchObject({ City: ['Bonn'], Amount: [12], Tags: ['a', 'b'] });
  });

  test.each<[SearchAttributeType, unknown]>([
    ['INT', 1.5],
    ['INT', '1'],
    ['DOUBLE', Number.NaN],
    ['BOOL', 'yes'],
    ['KEYWORD', 7],
    ['KEYWORD_LIST', ['a', 1]],
    ['DATETIME', new Date(Number.NaN)],
    ['DATETIME', '2026-01-01'],
  ])('%s does not take %o', (type, value) => {
    const pair = { key: { name: 'A', type }, value } as SearchAttributePair;
    expect(() => new TypedSearchAttributes([pair])).toThrow(ValueError);
    expect(() => encodeSearchAttributes(undefined, [pair])).toThrow(ValueError);
  });

  test('an unknown type and a name that comes twice are refused', () => {
    expect(() => defineSearchAttributeKey('A', 'NUMBER' as 'INT')).toThrow(/unknown type 'NUMBER'/);
    const twice = [
      { key: city, value: 'a' },
      { key: city, value: 'b' },
    ] as SearchAttributePair[];
    expect(() => new TypedSearchAttributes(twice)).toThrow(/Duplicate search attribute: 'City'/);
  });
});

describe('untyped search attributes', () => {
  test('are lists', () => {
    const attributes: SearchAttributes = { City: ['Bonn'], Due: [new Date(5)], None: undefined };
    const map = encodeSearchAttributes(attributes, undefined);
    expect(Object.keys(map ?? {})).toEqual(['City', 'Due']);
    expect(decodeSearchAttributes(map)).toEqual({ City: ['Bonn'], Due: [new Date(5)] });
    expect(encodeSearchAttributes({}, undefined)).toBeUndefined();
  });

  test('mixed lists and single values are refused', () => {
    const wrong = (value: unknown) => () =>
      encodeSearchAttributes({ A: value } as SearchAttributes, undefined);
    expect(wrong('text')).toThrow(ValueError);
    expect(wrong(['a', 1])).toThrow(/mixes/);
    expect(wrong([{}])).toThrow(ValueError);
  });

  test('typed ones win', () => {
    const map = encodeSearchAttributes({ Amount: [1] }, [{ key: amount, value: 2 }]);
    expect(decodeTypedSearchAttributes(map).get(amount)).toBe(2);
  });
});
