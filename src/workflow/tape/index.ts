// The border between a realm and its host, as a flat list of primitives: no object of either side is ever in the hands of the other.
// Pure; the same files on both sides. Payload text travels as it is: there is no JSON around JSON.
import { assert } from '../../model/assert';
import type { Failure } from '../../model/failure';
import type {
  Activation,
  ActivationJob,
  ActivationResult,
  AskedCommand,
  QueryAnswer,
  SinkCall,
} from '../../model/turn';
import {
  beginReading,
  beginWriting,
  endReading,
  endWriting,
  put,
  putValue,
  take,
  takeList,
  takeValue,
  type Primitive,
} from './cells';
import { putCommand, takeCommand } from './commands';
import { putJob, takeJob } from './jobs';

export { clearTape, type Primitive } from './cells';

export function writeActivation(tape: Primitive[], activation: Activation): void {
  beginWriting(tape);
  put(activation.timestamp);
  put(activation.isReplaying);
  put(activation.historyLength);
  put(activation.historySizeBytes);
  put(activation.continueAsNewSuggested);
  putValue(activation.availableFlags);
  const { jobs } = activation;
  put(jobs.length);
  for (let index = 0; index < jobs.length; index += 1) putJob(jobs[index] as ActivationJob);
  endWriting();
}

export function readActivation(tape: Primitive[]): Activation {
  beginReading(tape);
  const activation = {
    timestamp: take(),
    isReplaying: take(),
    historyLength: take(),
    historySizeBytes: take(),
    continueAsNewSuggested: take(),
    availableFlags: takeValue(),
    jobs: takeList(takeJob),
  } as Activation;
  endReading();
  return activation;
}

export function writeResult(tape: Primitive[], result: ActivationResult): void {
  beginWriting(tape);
  put(result.kind);
  if (result.kind === 'failed') {
    putValue(result.failure);
  } else {
    put(result.randomDraws);
    put(result.counters);
    putValue(result.answers);
    putValue(result.sinkCalls);
    putValue(result.usedFlags);
    const { commands } = result;
    put(commands.length);
    for (let index = 0; index < commands.length; index += 1) putCommand(commands[index] as AskedCommand);
  }
  endWriting();
}

export function readResult(tape: Primitive[]): ActivationResult {
  beginReading(tape);
  const kind = take();
  assert(kind === 'ok' || kind === 'failed', 'a tape with a result that nobody wrote');
  const result: ActivationResult =
    kind === 'failed' ? { kind, failure: takeValue() as Failure } : takeEnded();
  endReading();
  return result;
}

const takeEnded = (): ActivationResult => ({
  kind: 'ok',
  randomDraws: take() as number,
  counters: take() as number,
  answers: takeValue() as readonly QueryAnswer[],
  sinkCalls: takeValue() as readonly SinkCall[],
  usedFlags: takeValue() as readonly number[],
  commands: takeList(takeCommand),
});
