// How this folder reaches the threads of `activitiesPath`: through a function that the composition root provides.
import { IllegalStateError } from '../common/errors';
import type { OpenActivityPool } from '../model/activity-pool';

let provided: OpenActivityPool | undefined;

export function provideActivityPool(open: OpenActivityPool): void {
  provided = open;
}

export function activityPoolPort(): OpenActivityPool {
  if (provided === undefined) throw new IllegalStateError('activitiesPath: there are no threads here');
  return provided;
}
