// Worker versioning: the names. Pure.
import { makeEnum } from './enums';

export const [VersioningBehavior, encodeVersioningBehavior, decodeVersioningBehavior] = makeEnum(
  { PINNED: 1, AUTO_UPGRADE: 2 },
  'VERSIONING_BEHAVIOR_',
);
export type VersioningBehavior = 'PINNED' | 'AUTO_UPGRADE';

export interface WorkerDeploymentVersion {
  readonly buildId: string;
  readonly deploymentName: string;
}
export function toCanonicalString(version: WorkerDeploymentVersion): string {
  return `${version.deploymentName}.${version.buildId}`;
}

export interface PinnedVersioningOverride {
  pinnedTo: WorkerDeploymentVersion;
}
export type AutoUpgradeVersioningOverride = 'AUTO_UPGRADE';
export type VersioningOverride = PinnedVersioningOverride | AutoUpgradeVersioningOverride;
/** @deprecated */
export type VersioningIntent = 'COMPATIBLE' | 'DEFAULT';

type ErrorClass = abstract new (...args: never[]) => Error;

export interface WorkflowDefinitionOptions {
  versioningBehavior?: VersioningBehavior;
  /** Errors that fail the workflow instead of its task. */
  failureExceptionTypes?: ErrorClass[];
}
export type WorkflowDefinitionOptionsOrGetter = WorkflowDefinitionOptions | (() => WorkflowDefinitionOptions);
