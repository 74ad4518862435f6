// What all workers of a process share, as Temporal has it: the logger, the meter, the signals that shut them down.
import { IllegalStateError } from '../common/errors';
import type { Logger } from '../common/logger';
import { noopMetricMeter, type MetricMeter } from '../common/metrics';
import { DefaultLogger } from './logger';
import type { RuntimeOptions } from './runtime-options';

const SHUTDOWN_SIGNALS: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGQUIT', 'SIGUSR2'];
const INSTANCE = Symbol.for('troupe.runtime');

/** On `process`: a test runner or an application may load this module more than once. */
const holder = process as { [INSTANCE]?: Runtime };

export class Runtime {
  readonly options: RuntimeOptions;
  readonly logger: Logger;
  /** Counts nothing yet. */
  readonly metricMeter: MetricMeter = noopMetricMeter;
  readonly #shutdowns = new Set<() => void>();
  readonly #onSignal = (): void => {
    for (const shutdown of [...this.#shutdowns]) shutdown();
  };

  private constructor(options: RuntimeOptions) {
    this.options = options;
    this.logger = options.logger ?? new DefaultLogger();
    if (options.telemetryOptions?.metrics !== undefined) {
      this.logger.warn('telemetryOptions.metrics: nothing is exported yet');
    }
  }

  /**
   * Once, before anything of this process uses the runtime.
   *
   * @throws {IllegalStateError} it is in use already
   */
  static install(options: RuntimeOptions): Runtime {
    if (holder[INSTANCE] !== undefined) {
      throw new IllegalStateError(
        'Runtime singleton has already been instantiated. Call Runtime.install before anything else uses it',
      );
    }
    return (holder[INSTANCE] = new Runtime(options));
  }

  static instance(): Runtime {
    return (holder[INSTANCE] ??= new Runtime({}));
  }

  /** Forgets the singleton: the next one may have other options. Workers go on. */
  async shutdown(): Promise<void> {
    this.#listen(false);
    this.#shutdowns.clear();
    if (holder[INSTANCE] === this) delete holder[INSTANCE];
  }

  /**
   * Calls `shutdown` when one of the signals arrives. Returns what ends that.
   *
   * @internal
   */
  onShutdownSignal(shutdown: () => void): () => void {
    if (this.#shutdowns.size === 0) this.#listen(true);
    this.#shutdowns.add(shutdown);
    return () => {
      if (this.#shutdowns.delete(shutdown) && this.#shutdowns.size === 0) this.#listen(false);
    };
  }

  #listen(isOn: boolean): void {
    for (const signal of this.options.shutdownSignals ?? SHUTDOWN_SIGNALS) {
      if (isOn) process.on(signal, this.#onSignal);
      else process.off(signal, this.#onSignal);
    }
  }
}
