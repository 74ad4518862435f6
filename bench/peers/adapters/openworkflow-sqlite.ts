// OpenWorkflow on the SQLite of Node.
import path from 'node:path';
import { CannotRun } from '../lib/peer.ts';
import type { Peer } from '../lib/peer.ts';
import { OPENWORKFLOW_SETTINGS, withOpenWorkflow } from './lib/openworkflow.ts';

const peer: Peer = {
  title: 'OpenWorkflow, SQLite',
  settings: [...OPENWORKFLOW_SETTINGS, 'journal WAL (its own choice), synchronous FULL (SQLite’s default)'],
  async run(context, use) {
    const version = process.versions['sqlite'];
    if (version === undefined)
      throw new CannotRun(`it needs the SQLite of Node 22, and this is ${process.version}`);
    const { BackendSqlite } = await import('openworkflow/sqlite');
    const backend = BackendSqlite.connect(path.join(context.folder, 'openworkflow.db'));
    const checked = durability(backend);
    await withOpenWorkflow(context, backend, `SQLite ${version}`, use, checked);
  },
};
export default peer;

/** Read from its connection: a pragma of another connection tells nothing. */
function durability(backend: object): string[] {
  const { db } = backend as { db: { prepare(sql: string): { get(): Record<string, unknown> } } };
  const journal = String(Object.values(db.prepare('PRAGMA journal_mode').get())[0]);
  const synchronous = Number(Object.values(db.prepare('PRAGMA synchronous').get())[0]);
  // 2 is FULL: in WAL mode every commit is synced.
  if (synchronous < 2)
    throw new CannotRun(`PRAGMA synchronous is ${synchronous}: its answers would not be durable`);
  return [`journal_mode=${journal}`, `synchronous=${synchronous}`];
}
