import { condition, defineQuery, defineSignal, proxyActivities, setHandler } from 'troupe/workflow';

const { echo } = proxyActivities<{ echo(value: string): Promise<string> }>({
  startToCloseTimeout: '1 minute',
});

export const more = defineSignal<[string]>('more');
export const heard = defineQuery<string, [string]>('heard');

export async function echoes(first: string): Promise<string[]> {
  let second = '';
  setHandler(more, (value) => void (second = value));
  setHandler(heard, (prefix) => prefix + second);
  await condition(() => second !== '');
  return [await echo(first), second];
}
