// Reads the files of accounts and transfers. A line that is wrong is named and left out; it never becomes a transfer.
export interface Transfer {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly cents: number;
}

export interface WrongLine {
  readonly line: number;
  readonly why: string;
}

const AMOUNT = /^\d{1,9}(\.\d{1,2})?$/;
const ID = /^[\w-]{1,64}$/;

/** Columns: id, from, to, amount. The first line names them. */
export function parseTransfers(text: string): { transfers: Transfer[]; wrong: WrongLine[] } {
  const transfers: Transfer[] = [];
  const wrong: WrongLine[] = [];
  const seen = new Set<string>();
  for (const { fields, line } of rowsOf(text)) {
    const [id = '', from = '', to = '', amount = ''] = fields;
    const cents = centsOf(amount);
    const why =
      fields.length !== 4
        ? `has ${fields.length} columns, not 4`
        : !ID.test(id)
          ? `'${id}' is no id`
          : seen.has(id)
            ? `the id ${id} is there already`
            : from === '' || to === '' || from === to
              ? 'needs two different accounts'
              : cents === undefined || cents === 0
                ? `'${amount}' is no amount`
                : undefined;
    if (why !== undefined || cents === undefined) wrong.push({ line, why: why ?? '' });
    else {
      seen.add(id);
      transfers.push({ id, from, to, cents });
    }
  }
  return { transfers, wrong };
}

/** Columns: account, amount, and `closed` or nothing. @throws when a line is wrong: without accounts nothing can begin. */
export function parseAccounts(text: string): { name: string; cents: number; closed: boolean }[] {
  return rowsOf(text).map(({ fields, line }) => {
    const [name = '', amount = '', closed = ''] = fields;
    const cents = centsOf(amount);
    if (name === '' || cents === undefined || !['', 'closed'].includes(closed)) {
      throw new Error(`accounts, line ${line}: an account, its amount, and 'closed' or nothing`);
    }
    return { name, cents, closed: closed === 'closed' };
  });
}

function rowsOf(text: string): { fields: string[]; line: number }[] {
  return text
    .split(/\r?\n/)
    .map((row, index) => ({ fields: row.split(',').map((field) => field.trim()), line: index + 1 }))
    .slice(1)
    .filter(({ fields }) => fields.join('') !== '');
}

/** Whole cents: money is never a fraction in binary. */
function centsOf(amount: string): number | undefined {
  if (!AMOUNT.test(amount)) return undefined;
  const [whole = '', fraction = ''] = amount.split('.');
  return Number(whole) * 100 + Number(fraction.padEnd(2, '0'));
}

export const money = (cents: number): string => (cents / 100).toFixed(2);
