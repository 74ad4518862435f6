// How the audit's workflows are named.
export const workflowIdOf = (auditId: string): string => `audit-${auditId}`;
export const packageWorkflowId = (auditId: string, index: number): string =>
  `${workflowIdOf(auditId)}/${index}`;
