// What a logger is. Types, and the names of who logs. Pure.
import type { Loose } from './loose';

export type LogLevel = 'TRACE' | 'DEBUG' | 'INFO' | 'WARN' | 'ERROR';
export type LogMetadata = Record<string | symbol, Loose>;

export interface Logger {
  log(level: LogLevel, message: string, meta?: LogMetadata): Loose;
  trace(message: string, meta?: LogMetadata): Loose;
  debug(message: string, meta?: LogMetadata): Loose;
  info(message: string, meta?: LogMetadata): Loose;
  warn(message: string, meta?: LogMetadata): Loose;
  error(message: string, meta?: LogMetadata): Loose;
}

/** Who wrote a log line: the attribute `sdkComponent`. */
export const SdkComponent = {
  core: 'core',
  worker: 'worker',
  workflow: 'workflow',
  activity: 'activity',
  nexus: 'nexus',
  meter: 'meter',
} as const;
export type SdkComponent = (typeof SdkComponent)[keyof typeof SdkComponent];
