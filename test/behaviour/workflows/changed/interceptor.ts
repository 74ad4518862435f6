import type { WorkflowInterceptorsFactory } from 'troupe/workflow';

export const interceptors: WorkflowInterceptorsFactory = () => ({
  inbound: [{ execute: async (input, next) => next(input) }],
  outbound: [
    { startTimer: (input, next) => next(input), scheduleActivity: async (input, next) => next(input) },
    { scheduleActivity: async (input, next) => await next(input) },
  ],
});
