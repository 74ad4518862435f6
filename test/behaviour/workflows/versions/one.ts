import { sleep } from 'troupe/workflow';

export async function changing(): Promise<string> {
  await sleep('1 hour');
  return 'one';
}
