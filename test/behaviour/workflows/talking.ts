import {
  allHandlersFinished,
  ApplicationFailure,
  condition,
  defineQuery,
  defineSignal,
  defineUpdate,
  log,
  setDefaultQueryHandler,
  setDefaultSignalHandler,
  setHandler,
  sleep,
  uuid4,
  workflowInfo,
} from 'troupe/workflow';

export const say = defineSignal<[unknown?]>('say');
export const go = defineSignal('go');
export const finish = defineSignal('finish');
export const heard = defineQuery<unknown[]>('heard');
export const echo = defineQuery<unknown[], unknown[]>('echo');

/** Written for Temporal: has an update beside what works here. */
export async function updatable(): Promise<string> {
  setHandler(defineUpdate<void, [string]>('rename'), () => undefined);
  return 'goes on';
}

/** Registers its handler only after `go`: what was said before waits. */
export async function lateHandler(): Promise<unknown[]> {
  const words: unknown[] = [];
  let isDone = false;
  let mayListen = false;
  setHandler(go, () => void (mayListen = true));
  setHandler(finish, () => void (isDone = true));
  setHandler(heard, () => words);
  await condition(() => mayListen);
  words.push('listening');
  setHandler(say, (word) => void words.push(word));
  words.push('registered');
  await condition(() => isDone);
  return words;
}

/** Handlers that wait run side by side, and `say` twice at once finds both waiting. */
export async function slowHandlers(count: number): Promise<{ order: unknown[]; finishedAtOnce: boolean }> {
  const order: unknown[] = [];
  setHandler(say, async (word) => {
    order.push(`begin ${String(word)}`);
    await sleep(1);
    order.push(`end ${String(word)}`);
  });
  await condition(() => order.length > 0);
  const finishedAtOnce = allHandlersFinished();
  await condition(() => order.length === count * 2 && allHandlersFinished());
  return { order, finishedAtOnce };
}

export async function defaults(): Promise<unknown[]> {
  const words: unknown[] = [];
  let isDone = false;
  setHandler(finish, () => void (isDone = true));
  setDefaultSignalHandler((name, ...args) => void words.push([name, ...args]));
  setDefaultQueryHandler((name, ...args) => ({ name, args }));
  await condition(() => isDone);
  return words;
}

/** Takes its handlers away again. */
export async function forgetful(): Promise<unknown[]> {
  const words: unknown[] = [];
  let isDone = false;
  setHandler(finish, () => void (isDone = true));
  setHandler(heard, () => words);
  setHandler(say, (word) => {
    words.push(word);
    setHandler(say, undefined);
  });
  await condition(() => isDone);
  setHandler(say, (word) => void words.push(`again ${String(word)}`));
  return words;
}

export async function queried(): Promise<string> {
  let isDone = false;
  let state: unknown[] = ['begun'];
  setHandler(finish, () => void (isDone = true));
  setHandler(heard, () => state);
  setHandler(echo, (...args) => args);
  setHandler(defineQuery('fails'), () => {
    throw ApplicationFailure.nonRetryable('not today', 'Closed', 7);
  });
  setHandler(defineQuery('commands'), () => {
    void sleep(1);
    return 'slept';
  });
  setHandler(defineQuery('mutates'), () => uuid4());
  setHandler(defineQuery('promise'), () => Promise.resolve(1));
  setHandler(defineQuery('bigint'), () => 1n);
  await condition(() => isDone);
  state = ['ended'];
  return uuid4();
}

export async function failsOnSignal(): Promise<string> {
  setHandler(say, (word) => {
    throw ApplicationFailure.create({ message: `cannot bear ${String(word)}`, type: 'Tender' });
  });
  setHandler(go, async () => {
    await sleep(1);
    throw ApplicationFailure.create({ message: 'later', type: 'Late' });
  });
  await condition(() => false);
  return 'never';
}

/** Never takes its signals; says how many times its condition was asked, at most. */
export async function ignoresSignals(): Promise<string> {
  await condition(() => false, '1 day');
  return 'never';
}

export async function loud(): Promise<string> {
  log.info('first', { number: 1 });
  await sleep(1);
  log.warn('second');
  const { workflowId, workflowType } = workflowInfo();
  return `${workflowType} ${workflowId}`;
}
