// Rows that were stored when format 3 was made mean what they meant. See fixtures/README.md.
import { readFileSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { namespace, runId, workflowId } from '../../../src/model/ids';
import { decodeFrame, decodeFrameHead } from '../../../src/storage/format/frame';
import type { Frame } from '../../../src/storage/format/frame';
import {
  activityKey,
  currentKey,
  dueKey,
  factsKey,
  historyKey,
  namespaceKey,
  owingKey,
  visibilityKey,
} from '../../../src/storage/format/keys';
import {
  decodeActivityFact,
  decodeCurrent,
  decodeNamespace,
  decodeOwner,
  decodeRunFacts,
  decodeVisibility,
} from '../../../src/storage/format/values';
import { EVENT_KINDS } from './arbitraries/events';

interface StoredFrame extends Frame {
  readonly previousCrc: number;
  readonly crc: number;
  readonly bytes: string;
}
interface StoredValue {
  readonly bytes: string;
  readonly value: unknown;
}
interface Fixture {
  readonly frames: readonly StoredFrame[];
  readonly values: Readonly<Record<keyof typeof DECODERS, readonly StoredValue[]>>;
  readonly keys: Readonly<Record<string, string>> & { readonly at: number };
}

const DECODERS = {
  current: decodeCurrent,
  owner: decodeOwner,
  namespace: decodeNamespace,
  activityFact: decodeActivityFact,
  runFacts: decodeRunFacts,
  visibility: decodeVisibility,
};

const fromHex = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'));
const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

function revive(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(revive);
  if (typeof value !== 'object' || value === null) return value;
  if ('$hex' in value) return fromHex(value.$hex as string);
  if ('$undefined' in value) return undefined;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, revive(each)]));
}

const fixture = JSON.parse(
  readFileSync(new URL('fixtures/format-3.json', import.meta.url), 'utf8'),
) as Fixture;

test('a stored frame of every kind of event is read as it was meant', () => {
  const kinds = new Set<string>();
  for (const { previousCrc, crc, bytes, head, events } of fixture.frames) {
    const frame = decodeFrame(fromHex(bytes), previousCrc, crc32);
    expect(frame).toStrictEqual({ head, events: revive(events), crc });
    expect(decodeFrameHead(fromHex(bytes))).toStrictEqual(head);
    for (const { kind } of frame.events) kinds.add(kind);
  }
  expect([...kinds].sort()).toStrictEqual([...EVENT_KINDS].sort());
});

describe('a stored value is read as it was meant', () => {
  test.each(Object.keys(DECODERS) as (keyof typeof DECODERS)[])('%s', (row) => {
    for (const { bytes, value } of fixture.values[row]) {
      expect(DECODERS[row](fromHex(bytes))).toStrictEqual(revive(value));
    }
  });
});

test('a row is looked up under the key under which it was stored', () => {
  const { keys } = fixture;
  const run = runId(keys['run'] as string);
  const { at } = keys;
  const found = {
    history: historyKey(run, 258),
    activity: activityKey(run, 7),
    facts: factsKey(run),
    owing: owingKey(run),
    current: currentKey(3, workflowId('größe-1')),
    wake: dueKey(at, run),
    awake: visibilityKey(3, 'awake', at, run),
    atRest: visibilityKey(3, 'atRest', at, run),
    closed: visibilityKey(3, 'closed', at, run),
    namespace: namespaceKey(namespace('größe')),
  };
  for (const [name, key] of Object.entries(found)) expect(toHex(key), name).toBe(keys[name]);
});
