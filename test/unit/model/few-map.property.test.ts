// A FewMap is a Map, whatever is done to it, and in whatever order.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FewMap } from '../../../src/model/few-map.ts';

const key = fc.nat(3);
const step = fc.oneof(
  fc.record({ do: fc.constant('set' as const), key, value: fc.nat() }),
  fc.record({ do: fc.constantFrom('get', 'has', 'delete', 'take'), key }),
  fc.record({ do: fc.constantFrom('list', 'clear') }),
);

test('it answers as a Map does', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const few = new FewMap<number, number>();
      const map = new Map<number, number>();
      for (const each of steps) {
        if ('value' in each) {
          few.set(each.key, each.value);
          map.set(each.key, each.value);
        } else if ('key' in each) {
          expect(few.get(each.key)).toBe(map.get(each.key));
          expect(few.has(each.key)).toBe(map.has(each.key));
          if (each.do === 'delete') expect(few.delete(each.key)).toBe(map.delete(each.key));
          if (each.do === 'take') {
            expect(few.take(each.key)).toBe(map.get(each.key));
            map.delete(each.key);
          }
        } else if (each.do === 'list') {
          expect([...few.all]).toEqual([...map]);
        } else {
          few.clear();
          map.clear();
        }
        expect(few.size).toBe(map.size);
      }
      expect([...few.all]).toEqual([...map]);
    }),
  );
});

test('what is added while it is listed is listed too', () => {
  const few = new FewMap<string, number>();
  few.set('a', 1);
  const seen: string[] = [];
  for (const [name, number] of few.all) {
    seen.push(name);
    if (number < 3) few.set(`${name}+`, number + 1);
    few.delete(name);
  }
  expect(seen).toEqual(['a', 'a+', 'a++']);
  expect(few.size).toBe(0);
});
