// A bank's ledger: its own LMDB folder, which knows nothing of workflows. Double entry: what one account loses another gains.
import { open } from 'lmdb';
import type { Database, RootDatabase } from 'lmdb';

export interface Posting {
  readonly from: string;
  readonly to: string;
  readonly cents: number;
  /** It goes back to where it came from, and is taken there in any case. */
  readonly returns?: true;
}

export interface Account {
  readonly name: string;
  readonly cents: number;
  /** Takes no money any more. */
  readonly closed: boolean;
}

/** What was answered under a key: null when the posting was made, else why not. */
type Answer = string | null;

export class Ledger {
  private readonly root: RootDatabase;
  private readonly accounts: Database<Account, string>;
  private readonly answers: Database<Answer, string>;

  constructor(path: string) {
    // Without overlapping, a transaction that has returned is on the disk.
    this.root = open({ path, overlappingSync: false });
    this.accounts = this.root.openDB<Account, string>({ name: 'accounts' });
    this.answers = this.root.openDB<Answer, string>({ name: 'answers' });
  }

  /** Opens accounts that are not there yet, all of them or none. */
  openAccounts(accounts: readonly Account[]): void {
    this.root.transactionSync(() => {
      for (const account of accounts) {
        if (!this.accounts.doesExist(account.name)) this.accounts.putSync(account.name, account);
      }
    });
  }

  /**
   * Moves money and remembers the answer, in one transaction: asked again under the same key, it moves nothing and
   * gives the same answer. @returns why it was refused, or undefined.
   */
  post(key: string, posting: Posting): string | undefined {
    const answer = this.root.transactionSync((): Answer => {
      const known = this.answers.get(key);
      if (known !== undefined) return known;
      const refusal = this.move(posting);
      this.answers.putSync(key, refusal);
      return refusal;
    });
    return answer ?? undefined;
  }

  private move({ from, to, cents, returns }: Posting): Answer {
    const payer = this.accounts.get(from);
    const payee = this.accounts.get(to);
    if (!payer) return `there is no account ${from}`;
    if (!payee) return `there is no account ${to}`;
    if (payee.closed && !returns) return `account ${to} is closed`;
    if (payer.cents < cents) return `account ${from} holds less than that`;
    this.accounts.putSync(from, { ...payer, cents: payer.cents - cents });
    this.accounts.putSync(to, { ...payee, cents: payee.cents + cents });
    return null;
  }

  allAccounts(): Account[] {
    return [...this.accounts.getRange().map(({ value }) => value)];
  }

  /** Of all accounts, what is in transit included. Never changes. */
  totalCents(): number {
    return this.allAccounts().reduce((sum, { cents }) => sum + cents, 0);
  }

  close(): Promise<void> {
    return this.root.close();
  }
}
