// Restate: its server runs as a process beside this one, which serves the handlers over HTTP/2 and calls them through the ingress.
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http2';
import type { Http2Server, ServerHttp2Session } from 'node:http2';
import { createRequire } from 'node:module';
import path from 'node:path';
import * as restate from '@restatedev/restate-sdk';
import * as clients from '@restatedev/restate-sdk-clients';
import { CannotRun, PAYLOAD } from '../lib/peer.ts';
import type { Payload, Peer, RunningPeer } from '../lib/peer.ts';
import { answersHttp, freePort, withServer } from '../lib/server.ts';
import { packageVersion } from './lib/package-version.ts';

const step = async (): Promise<Payload> => PAYLOAD;

const programs = restate.service({
  name: 'programs',
  handlers: {
    nothing: async (_context: restate.Context, _size: number): Promise<string> => 'done',
    sequence: async (context: restate.Context, steps: number): Promise<number> => {
      let sum = 0;
      for (let done = 0; done < steps; done += 1) sum += (await context.run('step', step)).n;
      return sum;
    },
    fanOut: async (context: restate.Context, width: number): Promise<number> => {
      const results = await restate.RestatePromise.all(
        Array.from({ length: width }, () => context.run('step', step)),
      );
      return results.reduce((sum, { n }) => sum + n, 0);
    },
    parent: async (context: restate.Context, children: number): Promise<number> => {
      const calls = Array.from({ length: children }, () =>
        context
          .serviceClient<{ nothing: (context: restate.Context, size: number) => Promise<string> }>({
            name: 'programs',
          })
          .nothing(0),
      );
      return (await restate.RestatePromise.all(calls)).length;
    },
  },
});

/** A workflow has durable promises, and each takes one message: the next has the next promise. */
const receiver = restate.workflow({
  name: 'receiver',
  handlers: {
    run: async (context: restate.WorkflowContext, messages: number): Promise<number> => {
      let received = 0;
      while (received < messages) {
        await context.promise<Payload>(`message-${received}`);
        received += 1;
      }
      return received;
    },
    send: async (context: restate.WorkflowSharedContext, index: number): Promise<void> => {
      await context.promise<Payload>(`message-${index}`).resolve(PAYLOAD);
    },
  },
});

const peer: Peer = {
  title: 'Restate',
  settings: [
    'the server of its npm package, default configuration, ports of its own, telemetry off',
    'plain service handlers (faster than workflow handlers), served over HTTP/2 by one process, which is the client too',
    'ingress client with keep-alive',
    'messages resolve durable promises of a workflow, through a shared handler',
  ],
  async run({ folder }, use) {
    const endpoint = await serve();
    const [ingress, admin, node] = [await freePort(), await freePort(), await freePort()];
    try {
      await withServer(
        {
          command: serverProgram(),
          args: ['--no-logo', '--base-dir', path.join(folder, 'restate'), '--listen-mode', 'tcp'],
          env: {
            RESTATE_NODE_NAME: 'bench',
            RESTATE_BIND_ADDRESS: `127.0.0.1:${node}`,
            RESTATE_ADVERTISED_ADDRESS: `http://127.0.0.1:${node}`,
            RESTATE_INGRESS__BIND_ADDRESS: `127.0.0.1:${ingress}`,
            RESTATE_ADMIN__BIND_ADDRESS: `127.0.0.1:${admin}`,
            RESTATE_DISABLE_TELEMETRY: 'true',
            DO_NOT_TRACK: '1',
          },
          log: path.join(folder, 'restate.log'),
          stopSignal: 'SIGTERM',
          isReady: async () =>
            (await answersHttp(`http://127.0.0.1:${admin}/health`)) &&
            (await answersHttp(`http://127.0.0.1:${ingress}/restate/health`)),
        },
        async () => {
          await register(admin, endpoint.port);
          await use(running(ingress));
        },
      );
    } finally {
      endpoint.close();
    }
  },
};
export default peer;

function running(ingressPort: number): RunningPeer {
  const ingress = clients.connect({ url: `http://127.0.0.1:${ingressPort}` });
  const service = ingress.serviceClient<typeof programs>({ name: 'programs' });
  return {
    versions: `${packageVersion('@restatedev/restate-server')}, ${packageVersion('@restatedev/restate-sdk')}`,
    execute: async (program, size) => service[program](size),
    async startReceiver(messages) {
      const workflow = ingress.workflowClient<typeof receiver>({ name: 'receiver' }, randomUUID());
      const submission = await workflow.workflowSubmit(messages);
      let sent = 0;
      return {
        send: async () => workflow.send(sent++),
        result: () => ingress.result(submission),
      };
    },
  };
}

interface Endpoint {
  readonly port: number;
  close(): void;
}

async function serve(): Promise<Endpoint> {
  const port = await freePort();
  const logger = (): void => undefined;
  const server: Http2Server = createServer(
    restate.createEndpointHandler({ services: [programs, receiver], logger }),
  );
  const sessions = new Set<ServerHttp2Session>();
  server.on('session', (session) => {
    sessions.add(session);
    session.once('close', () => sessions.delete(session));
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    port,
    close() {
      for (const session of sessions) session.destroy();
      server.close();
    },
  };
}

async function register(adminPort: number, endpointPort: number): Promise<void> {
  const response = await fetch(`http://127.0.0.1:${adminPort}/deployments`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ uri: `http://127.0.0.1:${endpointPort}`, use_http_11: false }),
  });
  if (!response.ok) throw new CannotRun(`the handlers could not be registered: ${await response.text()}`);
}

/** The server itself, not the script of its package that would start it: a signal must reach it. */
function serverProgram(): string {
  const name = `@restatedev/restate-server-${process.platform}-${process.arch}`;
  try {
    return createRequire(import.meta.url).resolve(`${name}/bin/restate-server`);
  } catch {
    throw new CannotRun(`its server is not published for ${process.platform} ${process.arch}`);
  }
}
