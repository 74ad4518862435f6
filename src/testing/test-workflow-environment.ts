// An engine for tests: in memory, with a client and an address of its own; in real time, or skipping what nobody works in.
// Host thread. Made for code that was written against Temporal's test environment.
import { handOut } from '../connection/addresses';
import { Connection, NativeConnection } from '../connection/connection';
import { AsyncCompletionClient } from '../client/async-completion-client';
import { Client, type ClientOptions } from '../client/client';
import { msToNumber, type Duration } from '../common/time';
import type { Gateway } from '../model/gateway';
import { SkippingClock } from '../scheduler/skipping-clock';
import { systemClock, type Clock } from '../scheduler/clock';
import { resolveSettings, type EngineSettings } from '../troupe/engine-options';
import { leaseEngine, type EngineLease } from '../troupe/shared-engines';
import { TimeSkipper } from './time-skipper';

export type ClientOptionsForTestEnv = Omit<ClientOptions, 'namespace' | 'connection'>;

/** Options of Temporal's dev server; there is none here, so only the namespace means something. */
export interface DevServerConfig {
  namespace?: string;
  [option: string]: unknown;
}

export interface LocalTestWorkflowEnvironmentOptions {
  server?: DevServerConfig;
  client?: ClientOptionsForTestEnv;
  /** Threads that run workflow code. Default: 0, the test's own thread. */
  threads?: number;
}
export interface TimeSkippingTestWorkflowEnvironmentOptions {
  server?: Record<string, unknown>;
  client?: ClientOptionsForTestEnv;
  threads?: number;
}

interface Parts {
  readonly lease: EngineLease;
  readonly clock: Clock;
  readonly skipper: TimeSkipper | undefined;
  readonly address: string;
  readonly namespace: string;
  readonly withdraw: () => void;
  readonly client: ClientOptionsForTestEnv;
}

let made = 0;

export class TestWorkflowEnvironment {
  readonly client: Client;
  readonly asyncCompletionClient: AsyncCompletionClient;
  readonly connection: Connection;
  readonly nativeConnection: NativeConnection;
  readonly namespace: string;
  /** `Connection.connect({ address })` of this process reaches this environment. */
  readonly address: string;
  readonly supportsTimeSkipping: boolean;
  readonly #parts: Parts;

  private constructor(parts: Parts, connection: Connection, nativeConnection: NativeConnection) {
    this.#parts = parts;
    this.namespace = parts.namespace;
    this.address = parts.address;
    this.supportsTimeSkipping = parts.skipper !== undefined;
    this.connection = connection;
    this.nativeConnection = nativeConnection;
    this.client = new Client({ ...parts.client, connection, namespace: parts.namespace });
    this.asyncCompletionClient = new AsyncCompletionClient({ connection, namespace: parts.namespace });
  }

  /** Time goes at its ordinary pace. */
  static async createLocal(
    options: LocalTestWorkflowEnvironmentOptions = {},
  ): Promise<TestWorkflowEnvironment> {
    const { server, client = {}, threads } = options;
    return make(systemClock, undefined, server?.namespace, client, threads);
  }

  /** While a result is awaited (or `sleep` is), time jumps over everything in which no activity runs. */
  static async createTimeSkipping(
    options: TimeSkippingTestWorkflowEnvironmentOptions = {},
  ): Promise<TestWorkflowEnvironment> {
    const { client = {}, threads } = options;
    const clock = new SkippingClock();
    return make(clock, clock, undefined, client, threads);
  }

  /** @internal */
  static async of(parts: Parts): Promise<TestWorkflowEnvironment> {
    const { address } = parts;
    return new TestWorkflowEnvironment(
      parts,
      await Connection.connect({ address }),
      await NativeConnection.connect({ address }),
    );
  }

  /** Waits in the time of this environment. */
  async sleep(duration: Duration): Promise<void> {
    const { clock, skipper } = this.#parts;
    const slept = new Promise<void>((resolve) => {
      clock.setTimerAt(clock.now() + msToNumber(duration), resolve);
    });
    await (skipper === undefined ? slept : skipper.during(() => slept));
  }

  /** Milliseconds since 1970 in the time of this environment. */
  async currentTimeMs(): Promise<number> {
    return this.#parts.clock.now();
  }

  async teardown(): Promise<void> {
    const { lease, clock, skipper, withdraw } = this.#parts;
    skipper?.stop();
    await this.connection.close();
    await this.nativeConnection.close();
    withdraw();
    await lease.release(0);
    if (clock instanceof SkippingClock) clock.stop();
  }
}

async function make(
  clock: Clock,
  skipping: SkippingClock | undefined,
  namespace: string | undefined,
  client: ClientOptionsForTestEnv,
  threads: number | undefined,
): Promise<TestWorkflowEnvironment> {
  const settings: EngineSettings = {
    store: 'memory',
    threads: threads ?? 0,
    // What is skipped over must be in memory.
    idleEvict: '10 years',
  };
  const lease = await leaseEngine(resolveSettings(settings), { clock });
  made += 1;
  const address = `troupe-test-${process.pid}-${made}`;
  // The engine belongs to the environment: a connection that closes does not close it.
  const skipper = skipping && new TimeSkipper(skipping, lease.engine);
  const gateway = skipper === undefined ? lease.gateway : skippingGateway(lease.gateway, skipper);
  const lend = async (): Promise<EngineLease> => ({ ...lease, gateway, release: async () => undefined });
  return TestWorkflowEnvironment.of({
    lease,
    clock,
    skipper,
    address,
    namespace: namespace ?? 'default',
    withdraw: handOut(address, lend),
    client,
  });
}

/** Whoever waits for the end of a workflow lets time jump. */
function skippingGateway(gateway: Gateway, skipper: TimeSkipper): Gateway {
  return {
    request: (request, signal) =>
      request.kind === 'awaitClose'
        ? skipper.during(() => gateway.request(request, signal))
        : gateway.request(request, signal),
  };
}
