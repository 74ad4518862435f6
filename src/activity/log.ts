// Log lines of activities carry who wrote them. The attributes are collected when a line is written, not before.
import { SdkComponent, type LogLevel, type Logger, type LogMetadata } from '../common/logger';
import type { Info } from './info';

/** Temporal's attributes of an activity's log lines. */
export function activityLogAttributes(info: Info): Record<string, unknown> {
  return {
    isLocal: info.isLocal,
    attempt: info.attempt,
    namespace: info.namespace,
    taskToken: info.base64TaskToken,
    workflowId: info.workflowExecution?.workflowId ?? '',
    workflowRunId: info.workflowExecution?.runId ?? '',
    workflowType: info.workflowType ?? '',
    activityId: info.activityId,
    activityType: info.activityType,
    taskQueue: info.taskQueue,
  };
}

/** The logger of one attempt: `attributes` below what each line brings itself. */
export function attemptLogger(logger: Logger, attributes: () => Record<string, unknown>): Logger {
  const complete = (meta: LogMetadata | undefined): LogMetadata => ({
    sdkComponent: SdkComponent.activity,
    ...attributes(),
    ...meta,
  });
  return {
    log: (level: LogLevel, message: string, meta?: LogMetadata): unknown =>
      logger.log(level, message, complete(meta)),
    trace: (message: string, meta?: LogMetadata): unknown => logger.trace(message, complete(meta)),
    debug: (message: string, meta?: LogMetadata): unknown => logger.debug(message, complete(meta)),
    info: (message: string, meta?: LogMetadata): unknown => logger.info(message, complete(meta)),
    warn: (message: string, meta?: LogMetadata): unknown => logger.warn(message, complete(meta)),
    error: (message: string, meta?: LogMetadata): unknown => logger.error(message, complete(meta)),
  };
}
