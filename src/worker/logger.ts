// The logger that is used where the application installs none: lines on standard error.
import { inspect } from 'node:util';
import { guarded, LOGGER_FAILED, onlyFirst } from '../common/guarded';
import type { LogLevel, Logger, LogMetadata } from '../common/logger';

/** The moment of a line that was written elsewhere: nanoseconds since 1970, as a bigint. */
export const LogTimestamp = Symbol.for('log_timestamp');

export interface LogEntry {
  level: LogLevel;
  message: string;
  timestampNanos: bigint;
  /** Who wrote it. */
  meta?: LogMetadata;
}

const RANKS: { readonly [L in LogLevel]: number } = { TRACE: 0, DEBUG: 1, INFO: 2, WARN: 3, ERROR: 4 };
const NANOS_PER_MS = 1_000_000n;

export class DefaultLogger implements Logger {
  readonly #rank: number;
  readonly #write: (entry: LogEntry) => void;

  /**
   * @param level lines below it are dropped
   * @param write takes the others; default: prints them on standard error
   */
  constructor(
    readonly level: LogLevel = 'INFO',
    write: (entry: LogEntry) => void = printEntry,
  ) {
    if (RANKS[level] === undefined) throw new TypeError(`level: one of ${Object.keys(RANKS).join(', ')}`);
    this.#rank = RANKS[level];
    this.#write = write;
  }

  log(level: LogLevel, message: string, meta?: LogMetadata): void {
    if (!this.writes(level)) return;
    const { [LogTimestamp]: given, ...rest } = meta ?? {};
    const timestampNanos = typeof given === 'bigint' ? given : BigInt(Date.now()) * NANOS_PER_MS;
    const entry: LogEntry = { level, message, timestampNanos };
    if (meta !== undefined) entry.meta = rest;
    this.#write(entry);
  }

  /** @internal */
  writes(level: LogLevel): boolean {
    return RANKS[level] >= this.#rank;
  }

  trace(message: string, meta?: LogMetadata): void {
    this.log('TRACE', message, meta);
  }
  debug(message: string, meta?: LogMetadata): void {
    this.log('DEBUG', message, meta);
  }
  info(message: string, meta?: LogMetadata): void {
    this.log('INFO', message, meta);
  }
  warn(message: string, meta?: LogMetadata): void {
    this.log('WARN', message, meta);
  }
  error(message: string, meta?: LogMetadata): void {
    this.log('ERROR', message, meta);
  }
}

/** The same logger for lines of our own making: one that throws must not end the process. */
export function guardedLogger(logger: Logger): Logger {
  const fail = onlyFirst((error) => printFailure(error));
  type Line = Parameters<Logger['info']>;
  return {
    log: guarded<Parameters<Logger['log']>>((...line) => logger.log(...line) as unknown, fail),
    trace: guarded<Line>((...line) => logger.trace(...line) as unknown, fail),
    debug: guarded<Line>((...line) => logger.debug(...line) as unknown, fail),
    info: guarded<Line>((...line) => logger.info(...line) as unknown, fail),
    warn: guarded<Line>((...line) => logger.warn(...line) as unknown, fail),
    error: guarded<Line>((...line) => logger.error(...line) as unknown, fail),
  };
}

const printFailure = (error: unknown): void => new DefaultLogger().warn(LOGGER_FAILED, { error });

/** Whether `logger` may do something with lines of this level. Foreign loggers decide for themselves. */
export const mayWrite = (logger: Logger, level: LogLevel): boolean =>
  !(logger instanceof DefaultLogger) || logger.writes(level);

function printEntry({ level, message, timestampNanos, meta = {} }: LogEntry): void {
  const at = new Date(Number(timestampNanos / NANOS_PER_MS)).toISOString();
  const rest = Object.keys(meta).length === 0 ? '' : ` ${inspect(meta, { breakLength: Infinity })}`;
  process.stderr.write(`${at} [${level}] ${message}${rest}\n`);
}
