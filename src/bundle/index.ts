// From the user's workflow files to one script that lanes load. Host only; esbuild is loaded when it is first needed.
export { bundleWorkflows } from './bundle-workflows';
export type { BundleWorkflowsOptions, WorkflowBundle } from './bundle-workflows';
export { BundleError } from './errors';
