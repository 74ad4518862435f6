// Hands to workers what lies beyond their folder. Imported by the doors that make workers, for this effect alone.
import { openActivityPool } from '../scheduler/activity-pool';
import { provideActivityPool } from '../worker/activity-pool-port';
import { provideReplay } from '../worker/replay-port';

provideActivityPool(openActivityPool);
provideReplay(async (bundle) => {
  const { openReplayer } = await import('./replay-in-realm.js');
  return openReplayer(bundle);
});
