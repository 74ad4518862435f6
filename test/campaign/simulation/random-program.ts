// Programs by seed. Small ones mostly; every kind of step in every place where it makes sense.
import type { Random } from '../kill-9/random.ts';
import type { Program, Step } from './program.ts';

export function randomProgram(random: Random, workflowId: string, others: readonly string[]): Program {
  let children = 0;
  const steps = (depth: number, most: number): Step[] =>
    Array.from({ length: 1 + random.below(most) }, () => one(depth));
  const branches = (depth: number): (readonly Step[])[] =>
    Array.from({ length: 2 + random.below(2) }, () => steps(depth + 1, 2));

  function one(depth: number): Step {
    switch (random.below(depth < 2 ? 10 : 6)) {
      case 0:
      case 1:
        return {
          kind: 'activity',
          value: random.below(100),
          failures: random.below(4) === 0 ? 1 + random.below(3) : 0,
        };
      case 2:
        return { kind: 'timer', ms: random.below(5_000) };
      case 3:
        return { kind: 'poke', ms: 1_000 + random.below(20_000) };
      case 4:
        return { kind: 'random' };
      case 5:
        return { kind: 'signalOther', workflowId: random.pick(others) };
      case 6:
        return { kind: 'child', id: `${workflowId}-child-${children++}`, steps: steps(depth + 1, 2) };
      case 7:
        return { kind: 'all', branches: branches(depth) };
      case 8:
        return { kind: 'race', branches: branches(depth) };
      default:
        return { kind: 'scope', ms: random.below(10_000), steps: steps(depth + 1, 3) };
    }
  }

  const program = steps(0, 6);
  if (random.below(5) === 0) program.splice(random.below(program.length + 1), 0, { kind: 'continueAsNew' });
  return program;
}
