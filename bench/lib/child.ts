// Starts a program of the bench as a process of its own: to measure its memory, or to kill it.
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface Child {
  /** The next message of this kind. Rejects when the process ends before. */
  next<Message extends { readonly kind: string }>(kind: Message['kind']): Promise<Message>;
  /** Every message of this kind. */
  each<Message extends { readonly kind: string }>(
    kind: Message['kind'],
    tell: (message: Message) => void,
  ): void;
  /** SIGKILL; resolves when the process is gone. */
  kill(): Promise<void>;
  /** Resolves when it has ended by itself. Rejects when it failed. */
  ended(): Promise<void>;
}

export const startChild = (file: URL, job: unknown, execArgv: readonly string[] = []): Child =>
  startProgram(fileURLToPath(file), job, [...process.execArgv, ...execArgv]);

/** JavaScript, with Node's own arguments only: as a user's program starts. */
export function startProgram(file: string, job: unknown, execArgv: readonly string[] = []): Child {
  const child = fork(file, [JSON.stringify(job)], { execArgv: [...execArgv] });
  const closed = new Promise<string>((resolve) => {
    child.on('close', (code, signal) => resolve(signal ?? `exit code ${code}`));
  });
  return {
    next: (kind) =>
      new Promise((resolve, reject) => {
        child.on('message', (message: { kind: string }) => {
          if (message.kind === kind) resolve(message as never);
        });
        void closed.then((how) =>
          reject(new Error(`a child process ended (${how}) before it said '${kind}'`)),
        );
      }),
    each(kind, tell) {
      child.on('message', (message: { kind: string }) => {
        if (message.kind === kind) tell(message as never);
      });
    },
    async kill() {
      child.kill('SIGKILL');
      await closed;
    },
    async ended() {
      const how = await closed;
      if (how !== 'exit code 0') throw new Error(`a child process failed (${how})`);
    },
  };
}

/** In the child: its job. */
export const readJob = <Job>(): Job => JSON.parse(process.argv[2] ?? '') as Job;

/** In the child: to its parent. */
export const tell = (message: { readonly kind: string }): void => {
  process.send?.(message);
};
