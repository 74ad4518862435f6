import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeTaskToken, encodeTaskToken } from '../../../src/common/task-token';
import { namespace, runId, workflowId } from '../../../src/model/ids';

test('a token is read back as it was made', () => {
  fc.assert(
    fc.property(
      fc.string(),
      fc.string(),
      fc.uuid(),
      fc.nat(),
      fc.nat(),
      (space, id, run, eventId, attempt) => {
        const content = {
          to: { namespace: namespace(space), workflowId: workflowId(id), runId: runId(run) },
          activity: { kind: 'attempt' as const, scheduledEventId: eventId, attempt },
        };
        expect(decodeTaskToken(encodeTaskToken(content))).toEqual(content);
      },
    ),
  );
});

test('it survives base64, as activities hand it out', () => {
  const content = {
    to: { namespace: namespace('default'), workflowId: workflowId('wörk'), runId: runId('r') },
    activity: { kind: 'attempt' as const, scheduledEventId: 5, attempt: 2 },
  };
  const text = Buffer.from(encodeTaskToken(content)).toString('base64');
  expect(decodeTaskToken(Buffer.from(text, 'base64'))).toEqual(content);
});

test('bytes that are no token are none', () => {
  const json = (value: unknown) => new Uint8Array([1, ...Buffer.from(JSON.stringify(value))]);
  const wrong = [
    new Uint8Array(0),
    new Uint8Array([2, 91, 93]),
    new Uint8Array([1, 0xff]),
    new Uint8Array([1, 123]),
    json({}),
    json([]),
    json(['ns', 'w', 7, 1, 1]),
    json(['ns', 'w', null, 1.5, 1]),
    json(['ns', 'w', null, 1]),
  ];
  for (const bytes of wrong) expect(decodeTaskToken(bytes)).toBeUndefined();
  fc.assert(fc.property(fc.uint8Array(), (bytes) => void decodeTaskToken(bytes)));
});
