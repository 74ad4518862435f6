// A data converter that is given to Troupe.open serves its client, its worker and its workflows.
import { fileURLToPath } from 'node:url';
import { Troupe } from 'troupe';
import { expect, test } from 'vitest';
import { echoes, heard, more } from './workflows/echoes.ts';

const dataConverter = {
  payloadConverterPath: fileURLToPath(new URL('./support/marking-converter.cjs', import.meta.url)),
};

test('client, worker and workflows speak alike', async () => {
  const seen: string[] = [];
  const troupe = await Troupe.open({
    store: 'memory',
    threads: 1,
    workflowsPath: new URL('./workflows/echoes.ts', import.meta.url),
    activities: {
      echo: async (value: string) => {
        seen.push(value);
        return value;
      },
    },
    dataConverter,
  });
  const handle = await troupe.client.workflow.start(echoes, {
    workflowId: 'echoes',
    args: ['a'],
    memo: { note: 'kept' },
  });
  await handle.signal(more, 'b');
  expect(await handle.result()).toEqual(['a', 'b']);
  expect(await handle.query(heard, '>')).toBe('>b');
  expect(seen).toEqual(['a']);
  expect((await handle.describe()).memo).toEqual({ note: 'kept' });
  await troupe.close();
});
