// PostgreSQL for the peers that need it: a cluster of the bench's own, or a database of its own on a server given by URL.
import { spawnSync } from 'node:child_process';
import { chownSync, existsSync, readdirSync, mkdirSync } from 'node:fs';
import { totalmem } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { CannotRun } from '../../lib/peer.ts';
import type { PeerContext } from '../../lib/peer.ts';
import { freePort, withServer } from '../../lib/server.ts';

const DEBIAN_FOLDER = '/usr/lib/postgresql';
const CONNECTIONS_MAX = 200;
/** Each must be on, or an answer is no promise. */
const DURABLE = ['fsync', 'synchronous_commit', 'full_page_writes'];

export const POSTGRES_SETTINGS = [
  'PostgreSQL as packaged: fsync and synchronous_commit on; shared_buffers a quarter of memory',
];

export interface Postgres {
  readonly url: string;
  readonly port: number;
  readonly version: string;
  /** Read back from the server. */
  readonly checked: readonly string[];
}

export async function withPostgres(
  context: PeerContext,
  use: (postgres: Postgres) => Promise<void>,
): Promise<void> {
  if (context.postgresUrl !== undefined) {
    await withDatabase(context.postgresUrl, use);
    return;
  }
  const programs = findPrograms();
  const user = process.getuid?.() === 0 ? postgresUser() : undefined;
  const data = path.join(context.folder, 'postgres');
  mkdirSync(data, { mode: 0o700 });
  if (user) chownSync(data, user.uid, user.gid);
  const initdb = spawnSync(
    path.join(programs, 'initdb'),
    ['-D', data, '-U', 'bench', '--auth=trust', '--encoding=UTF8', '--no-locale'],
    { encoding: 'utf8', ...user },
  );
  if (initdb.status !== 0) {
    throw new CannotRun(`initdb failed: ${(initdb.error?.message ?? initdb.stderr).trim().slice(-300)}`);
  }
  const port = await freePort();
  const url = `postgres://bench@127.0.0.1:${port}/postgres`;
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: data,
    max_connections: CONNECTIONS_MAX,
    shared_buffers: `${Math.floor(totalmem() / 4 / 2 ** 20)}MB`,
  };
  await withServer(
    {
      command: path.join(programs, 'postgres'),
      args: [
        '-D',
        data,
        '-p',
        String(port),
        ...Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`]),
      ],
      log: path.join(context.folder, 'postgres.log'),
      ...(user && { user }),
      // Immediate shutdown: the store is thrown away.
      stopSignal: 'SIGQUIT',
      isReady: async () => {
        await query(url, 'SELECT 1');
        return true;
      },
    },
    () => withDatabase(url, use),
  );
}

async function withDatabase(server: string, use: (postgres: Postgres) => Promise<void>): Promise<void> {
  const checked = [];
  for (const name of DURABLE) {
    const value = await query(server, `SELECT current_setting('${name}') AS value`);
    if (value !== 'on') throw new CannotRun(`${name} is ${value}: its answers would not be durable`);
    checked.push(`${name}=on`);
  }
  const version = `PostgreSQL ${(await query(server, `SELECT current_setting('server_version') AS value`)).split(' ')[0]}`;
  const name = `troupe_bench_${process.pid}`;
  await query(server, `CREATE DATABASE ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  try {
    await use({ url: url.href, port: Number(url.port || 5_432), version, checked });
  } finally {
    await query(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  }
}

async function query(url: string, text: string): Promise<string> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  try {
    await client.connect();
    const { rows } = await client.query<{ value: string }>(text);
    return rows[0]?.value ?? '';
  } catch (error) {
    throw new CannotRun(`PostgreSQL: ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Debian keeps them out of the PATH, one folder for each version. */
function findPrograms(): string {
  const debian = existsSync(DEBIAN_FOLDER)
    ? readdirSync(DEBIAN_FOLDER)
        .sort((a, b) => Number(b) - Number(a))
        .map((version) => path.join(DEBIAN_FOLDER, version, 'bin'))
    : [];
  const folders = [...debian, ...(process.env['PATH'] ?? '').split(path.delimiter)];
  const found = folders.find((folder) =>
    ['initdb', 'postgres'].every((name) => existsSync(path.join(folder, name))),
  );
  if (found === undefined) {
    throw new CannotRun(
      'PostgreSQL is not installed (apt-get install postgresql), and no --postgres URL is given',
    );
  }
  return found;
}

/** PostgreSQL refuses to run as root; its package brings this user. */
function postgresUser(): { uid: number; gid: number } {
  const id = (flag: string): number => {
    const { stdout, status } = spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' });
    if (status !== 0) throw new CannotRun('PostgreSQL does not run as root, and there is no user postgres');
    return Number(stdout);
  };
  return { uid: id('-u'), gid: id('-g') };
}
