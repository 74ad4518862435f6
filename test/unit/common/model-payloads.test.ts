import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ValueError } from '../../../src/common/errors';
import {
  CompositePayloadConverter,
  DefaultPayloadConverter,
  defaultPayloadConverter,
  JsonPayloadConverter,
} from '../../../src/common/payload/default-payload-converter';
import {
  decodeMap,
  decodeValue,
  encodeMap,
  encodeValue,
  encodeValues,
} from '../../../src/common/payload/model-payloads';
import { modelFromPayload } from '../../../src/common/payload/payload';
import { RawValue } from '../../../src/common/payload/raw-value';

const encode = (value: unknown) => encodeValue(defaultPayloadConverter, value, 'value');

describe('values to payloads', () => {
  test('JSON travels as its own text, undefined as nothing', () => {
    expect(encode({ a: [1, 'two', null] })).toBe('{"a":[1,"two",null]}');
    expect(encode(null)).toBe('null');
    expect(encode(undefined)).toBeNull();
  });

  test('bytes are copied, and come back as a Uint8Array', () => {
    const bytes = Buffer.from('hello');
    const payload = encode(bytes);
    bytes.fill(0);
    const read = decodeValue<Uint8Array>(defaultPayloadConverter, payload);
    expect(Object.prototype.toString.call(read)).toBe('[object Uint8Array]');
    expect(Buffer.from(read).toString()).toBe('hello');
  });

  test('a raw value is passed through', () => {
    const raw = new RawValue({ a: 1 });
    expect(encode(raw)).toBe('{"a":1}');
    expect(encode(RawValue.fromPayload(raw.payload))).toBe('{"a":1}');
  });

  test('the short way and the way through a converter agree', () => {
    const other = new DefaultPayloadConverter();
    fc.assert(
      fc.property(
        fc.oneof(fc.jsonValue(), fc.constant(undefined), fc.uint8Array(), fc.string({ unit: 'grapheme' })),
        (value) => {
          const payload = encode(value);
          expect(encodeValue(other, value, 'value')).toEqual(payload);
          expect(modelFromPayload(other.toPayload(value))).toEqual(payload);
          expect(decodeValue(other, payload)).toEqual(decodeValue(defaultPayloadConverter, payload));
        },
      ),
    );
  });

  test('a converter of the user’s is asked', () => {
    class Upper extends JsonPayloadConverter {
      override toPayload(value: unknown) {
        return super.toPayload(String(value).toUpperCase());
      }
    }
    const converter = new CompositePayloadConverter(new Upper());
    expect(encodeValue(converter, 'abc', 'value')).toBe('"ABC"');
    expect(encodeMap(converter, { a: 'x' }, 'memo')).toEqual({ a: '"X"' });
  });

  test('maps are converted value by value', () => {
    const map = encodeMap(defaultPayloadConverter, { a: 1, b: undefined }, 'memo');
    expect(map).toEqual({ a: '1', b: null });
    expect(decodeMap(defaultPayloadConverter, map)).toEqual({ a: 1, b: undefined });
  });
});

describe('values without a payload form', () => {
  const cyclic: Record<string, unknown> = { name: 'x' };
  cyclic['self'] = { back: cyclic };

  test.each<[string, unknown[], RegExp]>([
    ['a BigInt', [1, { lines: [{ amount: 10n }] }], /args\[1\]\.lines\[0\]\.amount is a BigInt/],
    ['a cycle', [cyclic], /args\[0\]\.self\.back refers back to args\[0\]/],
    ['a function', ['x', () => 1], /args\[1\] is a function/],
    ['a symbol', [Symbol('s')], /args\[0\] is a symbol/],
    [
      'a getter that throws',
      [
        {
          get a() {
            throw new Error('boom');
          },
        },
      ],
      /args\[0\].*boom/,
    ],
  ])('%s is refused with the path to it', (_, args, message) => {
    const convert = () => encodeValues(defaultPayloadConverter, args, 'args');
    expect(convert).toThrow(ValueError);
    expect(convert).toThrow(message);
  });
});
