import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MomentHeap } from '../../../src/scheduler/heap';

type Step =
  | { readonly kind: 'set'; readonly key: number; readonly at: number }
  | { readonly kind: 'delete'; readonly key: number }
  | { readonly kind: 'pop' };
const key = fc.nat(20);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('set' as const), key, at: fc.nat(50) }),
  fc.record({ kind: fc.constant('delete' as const), key }),
  fc.constant({ kind: 'pop' as const }),
);

test('the earliest moment comes first, whatever is set, replaced and deleted', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const heap = new MomentHeap<number, string>();
      const model = new Map<number, number>();
      steps.forEach((one, index) => {
        if (one.kind === 'set') {
          heap.set(one.key, one.at, `value ${index}`);
          model.set(one.key, one.at);
          expect(heap.at(one.key)).toBe(one.at);
        } else {
          const target = one.kind === 'delete' ? one.key : heap.earliest?.key;
          if (target !== undefined) {
            heap.delete(target);
            model.delete(target);
          }
        }
        expect(heap.size).toBe(model.size);
        expect(heap.earliest?.at).toBe(model.size === 0 ? undefined : Math.min(...model.values()));
      });
    }),
  );
});

test('setting a key again replaces its value, too', () => {
  const heap = new MomentHeap<string, number>();
  heap.set('a', 5, 1);
  heap.set('a', 5, 2);
  expect(heap.earliest).toMatchObject({ key: 'a', at: 5, value: 2 });
});
