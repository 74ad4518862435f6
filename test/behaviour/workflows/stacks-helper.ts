import { condition } from 'troupe/workflow';

export async function waitsLonger(holds: () => boolean): Promise<void> {
  await condition(holds);
}
