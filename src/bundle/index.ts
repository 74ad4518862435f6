// From the user's workflow files to one script that lanes load. Host only. All of it, and esbuild, is loaded when it is first needed:
// whoever brings a bundle that was made before does not wait for it.
import type { ActivitiesModule } from './bundle-activities';
import type { BundleWorkflowsOptions, WorkflowBundle } from './bundle-workflows';

export type { BundleWorkflowsOptions, WorkflowBundle };

/** @throws {BundleError} says which file is wrong and what to do */
export async function bundleWorkflows(options: BundleWorkflowsOptions): Promise<WorkflowBundle> {
  const bundler = await import('./bundle-workflows.js');
  return bundler.bundleWorkflows(options);
}
/** @throws {BundleError} the file cannot be bundled */
export async function bundleActivities(activitiesPath: string | URL): Promise<ActivitiesModule> {
  const bundler = await import('./bundle-activities.js');
  return bundler.bundleActivities(activitiesPath);
}

export { BundleError } from './errors';
