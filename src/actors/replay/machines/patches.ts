// The patches of one run: which ones history has, which ones workflow code asked for. Pure.
//
//   history has             code calls          outcome
//   (new turn)              patched             marker and upsert are sent, true
//   marker                  patched             true; the marker is matched
//   deprecated marker       patched             true; the marker is matched
//   no marker (replay)      patched             false: workflow code knows, nothing is sent
//   marker                  nothing             the code does not fit this history (see match.ts)
//   deprecated marker       nothing             the marker is skipped (see match.ts)
//   any                     deprecatePatch      allowed; in a new turn a deprecated marker is sent
import { DETAILS_KEY, MARKER_NAME, VERSION_SEARCH_ATTRIBUTE, VERSIONS_BYTES_LIMIT } from './patch-marker';
import type { WorkflowCommandByKind } from '../../../model/turn';
import { FLAG_UPSERT_ON_PATCH } from '../flags';
import { utf8Bytes, utf8Length } from '../utf8';
import type { MachineHost } from './host';

export class Patches {
  /** Patches with a marker in history or a command of this code, and whether there was a command. */
  private commanded: Map<string, boolean> | undefined;

  /** The look-ahead found its marker among the events of the task that is about to be replayed. */
  markerAhead(patchId: string): void {
    this.commanded ??= new Map();
    if (!this.commanded.has(patchId)) this.commanded.set(patchId, false);
  }

  command(host: MachineHost, { patchId, deprecated }: WorkflowCommandByKind<'setPatchMarker'>): void {
    const commanded = (this.commanded ??= new Map());
    const isInHistory = commanded.has(patchId);
    if (commanded.get(patchId) === true) return;
    commanded.set(patchId, true);
    host.send(
      {
        kind: 'recordMarker',
        markerName: MARKER_NAME,
        details: { [DETAILS_KEY]: [JSON.stringify({ id: patchId, deprecated })] },
      },
      undefined,
      patchId,
    );
    const wasUpserted = isInHistory || !host.isReplaying;
    if (wasUpserted && host.flagHolds(FLAG_UPSERT_ON_PATCH)) this.upsertVersions(host);
  }

  private upsertVersions(host: MachineHost): void {
    const ids: string[] = [];
    for (const [id, isCommanded] of this.commanded ?? []) if (isCommanded) ids.push(id);
    ids.sort(byBytes);
    const json = JSON.stringify(ids);
    if (utf8Length(json) >= VERSIONS_BYTES_LIMIT) return;
    host.send({
      kind: 'upsertWorkflowSearchAttributes',
      searchAttributes: {
        [VERSION_SEARCH_ATTRIBUTE]: {
          metadata: { encoding: bytes('json/plain'), type: bytes('KeywordList') },
          data: bytes(json),
        },
      },
    });
  }
}

const bytes = (text: string): Uint8Array => Uint8Array.from(utf8Bytes(text));

/** Code point order, which is the order of the UTF-8 bytes. */
function byBytes(a: string, b: string): number {
  const left = [...a];
  const right = [...b];
  for (let index = 0; index < left.length && index < right.length; index++) {
    const difference = left[index]!.codePointAt(0)! - right[index]!.codePointAt(0)!;
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}
