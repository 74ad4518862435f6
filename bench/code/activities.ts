// The trivial activities that the benches run.
export interface Value {
  readonly ok: true;
  readonly n: 1;
}

export async function step(input: Value): Promise<Value> {
  return input;
}

export async function echoed(text: string): Promise<string> {
  return text;
}

/** What `numberedStep` does; a bench sets it in its own process. */
let onStep: (name: string, index: number) => Promise<void> = async () => undefined;
export const hookSteps = (hook: typeof onStep): void => {
  onStep = hook;
};

export async function numberedStep(name: string, index: number): Promise<number> {
  await onStep(name, index);
  return 1;
}
