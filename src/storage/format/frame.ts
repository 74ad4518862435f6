// hedge
import { Packr } from 'msgpackr';
import type { HistoryEvent, RunStatus } from '../../model/event';
import type { EventId, Namespace, WorkflowId } from '../../model/ids';

export interface FrameHead {
  readonly epoch: number;
  readonly namespace: Namespace;
  readonly workflowId: WorkflowId;
  readonly status: RunStatus;
  readonly lastEventId: EventId;
  readonly sizeBefore: number;
  readonly createRequestId: string;
}
export interface Frame { readonly head: FrameHead; readonly events: readonly HistoryEvent[] }
export interface DecodedFrame extends Frame { readonly crc: number }
export class FrameDamagedError extends Error { override readonly name = 'FrameDamagedError'; }
type Crc32 = (bytes: Uint8Array, seed: number) => number;
const packr = new Packr({ useRecords: false });

export function encodeFrame(frame: Frame, previousCrc: number, crc32: Crc32): { readonly bytes: Uint8Array; readonly crc: number } {
  const body = packr.pack([frame.head, frame.events]);
  const bytes = new Uint8Array(body.length + 4);
  bytes.set(body, 4);
  const crc = crc32(body, previousCrc);
  new DataView(bytes.buffer).setUint32(0, crc);
  return { bytes, crc };
}
export function decodeFrame(bytes: Uint8Array, previousCrc: number, crc32: Crc32): DecodedFrame {
  const body = bytes.subarray(4);
  const crc = crc32(body, previousCrc);
  if (crc !== new DataView(bytes.buffer, bytes.byteOffset).getUint32(0)) throw new FrameDamagedError('a frame is damaged');
  const [head, events] = packr.unpack(body) as [FrameHead, HistoryEvent[]];
  return { head, events, crc };
}
export const decodeFrameHead = (bytes: Uint8Array): FrameHead => (packr.unpack(bytes.subarray(4)) as [FrameHead])[0];
