// Starting another program of this repository with the Node that runs us.
import { spawnSync } from 'node:child_process';
import { packageRoot } from './package.mjs';

/** Runs `node ...args` in the repository's root with our output; ends this process with its exit code if it fails. */
export function runNode(args, env = {}) {
  const code = exitCodeOfNode(args, env);
  if (code !== 0) process.exit(code);
}

/** The same, but the exit code is the caller's to judge. */
export function exitCodeOfNode(args, env = {}) {
  const { status, error } = spawnSync(process.execPath, args, {
    cwd: packageRoot,
    env: { ...process.env, ...env },
    stdio: 'inherit',
  });
  if (error) throw error;
  return status ?? 1;
}
