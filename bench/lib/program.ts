// A program of the bench as JavaScript, without the loader that lets the bench be TypeScript: where its start or its threads are measured.
import { rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** In this package, whose name programs import. */
const FOLDER = fileURLToPath(new URL('../.data', import.meta.url));

/** `use` is handed the file, which is removed afterwards. */
export async function withProgram<R>(
  source: URL,
  format: 'esm' | 'cjs',
  use: (file: string) => Promise<R>,
): Promise<R> {
  const entry = fileURLToPath(source);
  const extension = format === 'esm' ? '.mjs' : '.cjs';
  const file = path.join(FOLDER, `${path.basename(entry, '.ts')}-${process.pid}${extension}`);
  await build({
    entryPoints: [entry],
    outfile: file,
    bundle: true,
    platform: 'node',
    format,
    packages: 'external',
  });
  try {
    return await use(file);
  } finally {
    rmSync(file, { force: true });
  }
}
