// Texts for people beside a command. Pure.
import type { UserMetadata } from '../../../model/event';
import type { Payload } from '../../../model/payload';

/** To be spread into a command. */
export function userMetadata(
  summary: Payload | undefined,
  details?: Payload,
): { readonly userMetadata?: UserMetadata } {
  if (summary === undefined && details === undefined) return {};
  return {
    userMetadata: {
      ...(summary !== undefined && { summary }),
      ...(details !== undefined && { details }),
    },
  };
}
