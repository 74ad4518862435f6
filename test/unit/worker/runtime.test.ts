// What all workers of a process share.
import { afterEach, describe, expect, test } from 'vitest';
import { DefaultLogger, LogTimestamp, type LogEntry } from '../../../src/worker/logger';
import { Runtime } from '../../../src/worker/runtime';
import { makeTelemetryFilterString } from '../../../src/worker/runtime-options';
import { recordingLogger } from '../activity/fixtures';

afterEach(() => Runtime.instance().shutdown());

describe('Runtime', () => {
  test('is made with defaults when nobody installs one', () => {
    expect(Runtime.instance()).toBe(Runtime.instance());
    expect(Runtime.instance().logger).toBeInstanceOf(DefaultLogger);
  });

  test('is installed once, before its first use', () => {
    const { logger } = recordingLogger();
    const installed = Runtime.install({ logger });
    expect(Runtime.instance()).toBe(installed);
    expect(Runtime.instance().logger).toBe(logger);
    expect(() => Runtime.install({})).toThrow('already been instantiated');
  });

  test('says that metrics go nowhere yet', () => {
    const { logger, lines } = recordingLogger();
    Runtime.install({
      logger,
      telemetryOptions: {
        metrics: { prometheus: { bindAddress: '0.0.0.0:9090' } },
        logging: { forward: {} },
      },
    });
    expect(lines).toMatchObject([{ level: 'WARN', message: expect.stringContaining('metrics') as string }]);
  });

  test('listens to the shutdown signals only while somebody wants to be shut down', () => {
    const runtime = Runtime.install({ shutdownSignals: ['SIGUSR2'] });
    const before = process.listenerCount('SIGUSR2');
    const stopped: string[] = [];
    const first = runtime.onShutdownSignal(() => stopped.push('first'));
    const second = runtime.onShutdownSignal(() => stopped.push('second'));
    expect(process.listenerCount('SIGUSR2')).toBe(before + 1);
    process.emit('SIGUSR2');
    expect(stopped).toEqual(['first', 'second']);
    first();
    second();
    expect(process.listenerCount('SIGUSR2')).toBe(before);
  });
});

describe('DefaultLogger', () => {
  test('hands on the lines of its level and above', () => {
    const entries: LogEntry[] = [];
    const logger = new DefaultLogger('WARN', (entry) => entries.push(entry));
    logger.trace('t');
    logger.debug('d');
    logger.info('i');
    logger.warn('w', { a: 1 });
    logger.error('e');
    expect(entries).toMatchObject([
      { level: 'WARN', message: 'w', meta: { a: 1 } },
      { level: 'ERROR', message: 'e' },
    ]);
  });

  test('keeps the moment of a line that was written elsewhere', () => {
    const entries: LogEntry[] = [];
    new DefaultLogger('INFO', (entry) => entries.push(entry)).info('x', { [LogTimestamp]: 7n, b: 2 });
    expect(entries).toEqual([{ level: 'INFO', message: 'x', timestampNanos: 7n, meta: { b: 2 } }]);
  });

  test('refuses a level that does not exist', () => {
    expect(() => new DefaultLogger('LOUD' as never)).toThrow('level');
  });
});

test('a filter has a text form', () => {
  expect(makeTelemetryFilterString({ core: 'DEBUG' })).toMatch(/^ERROR,temporal_sdk_core=DEBUG,/);
});
