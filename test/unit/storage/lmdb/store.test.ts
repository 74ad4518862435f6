// What every store promises, of folders on disk.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder, openStore } from '../folders';
import { storeContract } from '../contract';
import { Owner } from './owner';

storeContract('a folder', async () => {
  const folder = await makeFolder();
  const store = await openStore(folder);
  return {
    store,
    reopen: () => openStore(folder),
    takeOver: async () => {
      await rm(join(folder, 'LOCK'));
      const owner = await Owner.start(folder);
      await owner.end();
    },
    keysElsewhere: async () => {
      const owner = await Owner.start(folder);
      const { keys = [] } = await owner.ask('keys');
      await owner.end();
      return keys;
    },
  };
});
