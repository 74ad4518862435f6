// Whose value a converter is at work on. Types only.

export interface WorkflowSerializationContext {
  type: 'workflow';
  namespace: string;
  workflowId: string;
}

export interface ActivitySerializationContext {
  type: 'activity';
  namespace: string;
  activityId?: string;
  /** Absent: an activity that belongs to no workflow. */
  workflowId?: string;
  isLocal: boolean;
}

export type SerializationContext = WorkflowSerializationContext | ActivitySerializationContext;
