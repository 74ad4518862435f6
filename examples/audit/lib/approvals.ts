// Brings the runner's approvals to the packages that wait for one.
import type { Client } from 'troupe/client';
import { approve } from '../workflows.ts';
import type { Question } from '../model.ts';

export class Approvals {
  private readonly names = new Set<string>();
  private everythingOnce = false;

  constructor(private readonly always: boolean) {}

  /** Without a name: all that wait when the next answer is due. */
  approve(name: string | undefined): void {
    if (name === undefined) this.everythingOnce = true;
    else this.names.add(name);
  }

  async answer(client: Client, questions: readonly Question[]): Promise<void> {
    const all = this.always || this.everythingOnce;
    if (questions.length > 0) this.everythingOnce = false;
    for (const { workflowId, name } of questions) {
      if (all || this.names.has(name)) await client.workflow.getHandle(workflowId).signal(approve);
    }
  }
}
