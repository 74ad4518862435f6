// The activity that computes: runs in the threads of the CPU pool, so that neither the host's loop nor a workflow waits for it.
import { closeSync, openSync, readSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { Context } from 'troupe/activity';
import { dataFolder } from '../lib/data-folder.ts';
import { TroubleList, troubleOf } from '../lib/troubles.ts';
import { filesOf } from '../lib/walk.ts';
import type { AuditRef, PackageRef, Sizes } from '../model.ts';
import { step } from './step.ts';

/** A file is compressed in pieces of this size, so that its own size does not matter. */
const PIECE_BYTES = 4 * 1_024 * 1_024;
/** The level of zlib that most tools default to. */
const LEVEL = 6;

/** The bytes of a package as they lie on the disk, and compressed file by file. What cannot be read counts nothing. */
export const measure = step(
  'measure',
  async ({ audit, pkg }: { audit: AuditRef; pkg: PackageRef }): Promise<Sizes> => {
    const piece = Buffer.allocUnsafe(PIECE_BYTES);
    let rawBytes = 0;
    let compressedBytes = 0;
    // The step that hashes the files reports the same troubles.
    const troubles = new TroubleList();
    for await (const { absolute } of filesOf({ folder: audit.folder, pkg, skip: [dataFolder()], troubles })) {
      Context.current().heartbeat();
      try {
        for (const bytes of piecesOf(absolute, piece)) {
          rawBytes += bytes.length;
          compressedBytes += gzipSync(bytes, { level: LEVEL }).length;
          Context.current().heartbeat();
        }
      } catch (error) {
        if (troubleOf(error) === undefined) throw error;
      }
    }
    return { rawBytes, compressedBytes };
  },
);

function* piecesOf(file: string, piece: Buffer): Generator<Buffer> {
  const descriptor = openSync(file, 'r');
  try {
    for (;;) {
      const length = readSync(descriptor, piece);
      if (length === 0) return;
      yield piece.subarray(0, length);
    }
  } finally {
    closeSync(descriptor);
  }
}
