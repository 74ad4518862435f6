// What the driver asks of the process that it kills, and what it is answered. Over the channel of `child_process.fork`.

export type Operation =
  | {
      readonly kind: 'start';
      readonly workflowType: 'ledger' | 'family';
      readonly workflowId: string;
      readonly args: readonly unknown[];
      readonly requestId: string;
    }
  | {
      readonly kind: 'signal';
      readonly workflowId: string;
      readonly name: 'add' | 'finish';
      readonly args: readonly unknown[];
      readonly requestId: string;
    }
  | { readonly kind: 'query'; readonly workflowId: string }
  | { readonly kind: 'result'; readonly workflowId: string }
  | { readonly kind: 'history'; readonly workflowId: string }
  | { readonly kind: 'list' }
  | { readonly kind: 'close' };

export interface Ask {
  readonly id: number;
  readonly operation: Operation;
}

export type Answer =
  | { readonly id: number; readonly ok: unknown }
  | { readonly id: number; readonly error: { readonly name: string; readonly message: string } }
  | { readonly ready: true };
