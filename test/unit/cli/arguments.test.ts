// What the command understands, and what it says about the rest.
import { expect, test } from 'vitest';
import { readCommand, UsageError } from '../../../src/cli/arguments';

test.each([
  [['ls', 'data'], { kind: 'ls', folder: 'data', namespace: 'default', limit: 100, json: false }],
  [
    ['ls', 'data', '--status', 'timed-out', '--type', 'order', '--limit', '5', '--namespace', 'n', '--json'],
    { kind: 'ls', folder: 'data', namespace: 'n', limit: 5, json: true, status: 'TIMED_OUT', type: 'order' },
  ],
  [['ls', 'data', '--status=cancelled'], expect.objectContaining({ status: 'CANCELED' })],
  [['ls', 'data', '--status', 'ContinuedAsNew'], expect.objectContaining({ status: 'CONTINUED_AS_NEW' })],
  [
    ['show', 'data', 'w'],
    { kind: 'show', folder: 'data', namespace: 'default', workflowId: 'w', json: false },
  ],
  [
    ['show', 'data', 'w', '--run-id', '01a214d3-847e-7001-94fa-4b04dd57a883', '--json'],
    expect.objectContaining({ runId: '01a214d3-847e-7001-94fa-4b04dd57a883', json: true }),
  ],
  [['check', 'data'], { kind: 'check', folder: 'data' }],
  [['--help'], { kind: 'help' }],
  [['ls', '-h'], { kind: 'help' }],
])('%j', (args, command) => {
  expect(readCommand(args)).toEqual(command);
});

test.each([
  [[], 'name a command: ls, show or check'],
  [['list', 'data'], "there is no command 'list'"],
  [['ls'], 'ls: name the folder of the store'],
  [['show', 'data'], 'show: name the workflow id'],
  [['check', 'data', 'more'], "check: what is 'more'?"],
  [['show', 'data', 'w', 'x'], "show: what is 'x'?"],
  [['check', 'data', '--json'], 'check: there is no option --json here'],
  [['show', 'data', 'w', '--status', 'failed'], 'show: there is no option --status here'],
  [['ls', 'data', '--limit', 'many'], "--limit: a whole number above 0, not 'many'"],
  [['ls', 'data', '--limit', '0'], "--limit: a whole number above 0, not '0'"],
  [['ls', 'data', '--status', 'lost'], /--status: one of running, completed, .*, not 'lost'/],
  [['show', 'data', 'w', '--run-id', 'r'], "--run-id: a UUID, not 'r'"],
  [['ls', 'data', '--colour'], /--colour/],
])('%j is refused: %s', (args, message) => {
  const read = () => readCommand(args);
  expect(read).toThrow(UsageError);
  expect(read).toThrow(message);
});
