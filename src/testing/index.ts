// The door for tests: `troupe/testing`. Explicit names.
import '../troupe/wire-worker';

export { WorkflowClient as TimeSkippingWorkflowClient } from '../client/workflow-client';
export { defaultActivityInfo, MockActivityEnvironment } from './mock-activity-environment';
export type { MockActivityEnvironmentOptions } from './mock-activity-environment';
export { TestWorkflowEnvironment } from './test-workflow-environment';
export type {
  ClientOptionsForTestEnv,
  DevServerConfig,
  LocalTestWorkflowEnvironmentOptions,
  TimeSkippingTestWorkflowEnvironmentOptions,
} from './test-workflow-environment';
