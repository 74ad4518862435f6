// Opens a folder and tells its parent what came of it.
import { Troupe } from 'troupe';

Troupe.open({ path: process.argv[2], threads: 0 }).then(
  () => process.send({ name: 'opened' }),
  ({ name, message }) => process.send({ name, message }, () => process.disconnect()),
);
