// Reading transfers: what is wrong is named by its line and never becomes a transfer.
import { expect, test } from 'vitest';
import { parseAccounts, parseTransfers } from '../../../examples/transfers/csv.ts';

test('amounts become whole cents', () => {
  const { transfers, wrong } = parseTransfers('id,from,to,amount\nt1,a,b,10\r\nt2,b,a,0.07\n\nt3,a,b,1.5\n');
  expect(wrong).toEqual([]);
  expect(transfers.map(({ cents }) => cents)).toEqual([1_000, 7, 150]);
});

test('wrong lines are named and left out', () => {
  const rows = [
    't1,a,b,1',
    't1,a,b,1',
    't2,a,a,1',
    't3,a,b,-1',
    't4,a,b,1.005',
    't5,a,b',
    't6,,b,1',
    't/7,a,b,1',
    't8,a,b,0',
  ];
  const { transfers, wrong } = parseTransfers(['id,from,to,amount', ...rows].join('\n'));
  expect(transfers.map(({ id }) => id)).toEqual(['t1']);
  expect(wrong.map(({ line }) => line)).toEqual([3, 4, 5, 6, 7, 8, 9, 10]);
});

test('accounts that are wrong are refused as a whole', () => {
  expect(parseAccounts('account,amount,closed\na,1.00\nb,2,closed\n')).toEqual([
    { name: 'a', cents: 100, closed: false },
    { name: 'b', cents: 200, closed: true },
  ]);
  expect(() => parseAccounts('account,amount\na,much')).toThrow('line 2');
});
