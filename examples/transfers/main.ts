// `node scripts/run.mjs examples/transfers/main.ts [transfers.csv] [--accounts accounts.csv] [--data folder]`: carries out a
// file of money transfers. Kill it at any moment and start it again: no cent is lost, and none is moved twice.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Troupe } from 'troupe';
import { WorkflowExecutionAlreadyStartedError } from 'troupe/client';
import { createActivities, IN_TRANSIT } from './activities.ts';
import { money, parseAccounts, parseTransfers } from './csv.ts';
import type { Transfer } from './csv.ts';
import { Ledger } from './ledger.ts';
import { transfer } from './workflows.ts';
import type { Outcome } from './workflows.ts';

const AT_ONCE = 16;
const here = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

const { values, positionals } = askedFor();
const { transfers, wrong } = parseTransfers(read(positionals[0] ?? here('./transfers.csv')));
const accounts = accountsIn(values.accounts);
for (const { line, why } of wrong) console.log(`line ${line} ${why}: left out`);

const ledger = new Ledger(path.join(values.data, 'ledger'));
ledger.openAccounts([...accounts, { name: IN_TRANSIT, cents: 0, closed: false }]);
const before = ledger.totalCents();

const troupe = await Troupe.open({
  path: path.join(values.data, 'store'),
  waitForOwner: '20 seconds',
  workflowsPath: new URL('./workflows.ts', import.meta.url),
  activities: createActivities(ledger),
});
console.log(`${transfers.length} transfers; the accounts hold ${money(before)} in all`);

const counts = { done: 0, refused: 0, undone: 0, before: 0 };
const next = transfers[Symbol.iterator]();
await Promise.all(
  Array.from({ length: AT_ONCE }, async () => {
    for (const order of next) {
      const { outcome, isNew } = await carryOut(order);
      counts[outcome.kind] += 1;
      if (!isNew) counts.before += 1;
      if (outcome.kind !== 'done') console.log(`${order.id} ${outcome.kind}: ${outcome.why}`);
    }
  }),
);

await troupe.close();
for (const { name, cents } of ledger.allAccounts())
  console.log(`  ${name.padEnd(14)} ${money(cents).padStart(10)}`);
const after = ledger.totalCents();
await ledger.close();
console.log(
  `${counts.done} done, ${counts.refused} refused, ${counts.undone} undone (${counts.before} begun by an earlier start); ` +
    `the accounts hold ${money(after)} in all`,
);
if (after !== before) throw new Error(`the total changed from ${money(before)} to ${money(after)}`);

/** A transfer's id is its workflow's id, for ever: a second start of the same transfer finds the first. */
async function carryOut(order: Transfer): Promise<{ outcome: Outcome; isNew: boolean }> {
  const workflowId = `transfer-${order.id}`;
  const { workflow } = troupe.client;
  try {
    const outcome = await workflow.execute(transfer, {
      workflowId,
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      args: [order],
    });
    return { outcome, isNew: true };
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    return { outcome: await workflow.getHandle<typeof transfer>(workflowId).result(), isNew: false };
  }
}

function askedFor(): { values: { accounts: string; data: string }; positionals: string[] } {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        accounts: { type: 'string', default: here('./accounts.csv') },
        data: { type: 'string', default: here('./.data') },
      },
    });
  } catch (error) {
    return refuse(error);
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    return refuse(error);
  }
}

function accountsIn(file: string): ReturnType<typeof parseAccounts> {
  try {
    return parseAccounts(read(file));
  } catch (error) {
    return refuse(error);
  }
}

function refuse(error: unknown): never {
  console.error(`transfers: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(2);
}
