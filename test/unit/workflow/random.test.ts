// A run's random numbers, against values that the official SDK drew for the same run ids.
import { expect, test } from 'vitest';
import { seedOf } from '../../../src/actors/replay/seed.ts';
import { Random } from '../../../src/workflow/engine/random.ts';

function randomOf(runId: string): Random {
  const { high, low } = seedOf(runId);
  return new Random(high, low);
}

test('draws and UUIDs are those of the official SDK', () => {
  const random = randomOf('019e93d9-da0e-70d6-9f43-888c2c8d3988');
  expect(random.next()).toBe(0.8810140371788293);
  expect(random.uuid4()).toBe('ce828af4-10ab-45e7-91f7-d0922559bdb7');
  expect(random.uuid4()).toBe('c33cd353-e087-4be1-9d53-ae25f181c1a8');
  expect(random.draws).toBe(9);
});

test('a reset run draws from its new seed', () => {
  const random = randomOf('248fbeda-b1fd-4901-9dbc-7c9c34273875');
  expect(random.next()).toBe(0.8269537510350347);
  expect(random.uuid4()).toBe('977640d7-beaa-445d-b78e-836759600e89');
});

test('what was saved is drawn again', () => {
  const random = randomOf('019e93d9-da0e-70d6-9f43-888c2c8d3988');
  random.next();
  const saved = random.save();
  const drawn = [random.next(), random.uuid4()];
  random.restore(saved);
  expect([random.next(), random.uuid4()]).toEqual(drawn);
});

test('a generator that was saved before its first draw begins at its beginning', () => {
  const random = randomOf('019e93d9-da0e-70d6-9f43-888c2c8d3988');
  const saved = random.save();
  random.uuid4();
  random.restore(saved);
  expect(random.next()).toBe(0.8810140371788293);
});
