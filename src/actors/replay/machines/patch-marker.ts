// How a patch stands in history: Temporal's marker, read by its tools too. Pure.
import type { HistoryEvent, MarkerRecorded } from '../../../model/event';
import type { Payload } from '../../../model/payload';
import { decodeUtf8 } from '../utf8';

export const MARKER_NAME = 'core_patch';
export const DETAILS_KEY = 'patch-data';
export const VERSION_SEARCH_ATTRIBUTE = 'TemporalChangeVersion';
/** Temporal's server refuses values of this size, in bytes; the list of patches is then not upserted any more. */
export const VERSIONS_BYTES_LIMIT = 2_048;

export interface PatchMarker {
  readonly patchId: string;
  readonly deprecated: boolean;
}

/** Undefined: the event is no marker of a patch. */
export function patchMarkerOf(event: HistoryEvent): PatchMarker | undefined {
  if (event.kind !== 'markerRecorded' || event.markerName !== MARKER_NAME) return undefined;
  return readMarker(event);
}

function readMarker(event: MarkerRecorded): PatchMarker | undefined {
  const payload = event.details[DETAILS_KEY]?.[0];
  if (payload === undefined || payload === null) return undefined;
  const data: unknown = parseJson(payload);
  if (typeof data !== 'object' || data === null) return undefined;
  const { id, deprecated } = data as { readonly id?: unknown; readonly deprecated?: unknown };
  return typeof id === 'string' ? { patchId: id, deprecated: deprecated === true } : undefined;
}

function parseJson(payload: Exclude<Payload, null>): unknown {
  try {
    return JSON.parse(typeof payload === 'string' ? payload : decodeUtf8(payload.data));
  } catch {
    return undefined;
  }
}

/** The upsert that stands behind a patch's marker. */
export const isVersionUpsert = (event: HistoryEvent): boolean =>
  event.kind === 'upsertWorkflowSearchAttributes' && VERSION_SEARCH_ATTRIBUTE in event.searchAttributes;
