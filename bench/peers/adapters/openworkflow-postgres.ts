// OpenWorkflow on PostgreSQL.
import { BackendPostgres } from 'openworkflow/postgres';
import type { Peer } from '../lib/peer.ts';
import { OPENWORKFLOW_SETTINGS, withOpenWorkflow } from './lib/openworkflow.ts';
import { POSTGRES_SETTINGS, withPostgres } from './lib/postgres.ts';

const peer: Peer = {
  title: 'OpenWorkflow, PostgreSQL',
  settings: [...OPENWORKFLOW_SETTINGS, ...POSTGRES_SETTINGS],
  run: (context, use) =>
    withPostgres(context, async ({ url, version, checked }) => {
      await withOpenWorkflow(context, await BackendPostgres.connect(url), version, use, checked);
    }),
};
export default peer;
