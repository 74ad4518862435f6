// The histories that Temporal's own SDK and server wrote, and what is known about each. Where they come from: the README beside them.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const FOLDER = new URL('../../fixtures/official-histories/', import.meta.url);

/** One history of a scenario: the first run of the workflow that it starts, or what came of it. */
export interface Recorded {
  /** Absent: the scenario's own first run. */
  readonly role?: 'child' | 'next run' | 'reset run' | 'other';
  readonly workflowId: string;
  /** `histories/complete.json` */
  readonly file: string;
  readonly status: string;
}

/** A workflow, what the client did, and what became of it. */
export interface Scenario {
  readonly name: string;
  readonly workflow: string;
  readonly args: readonly unknown[];
  readonly script: readonly string[];
  /** Of the first run. */
  readonly status: string;
  readonly file: string;
  /** Of the last run of the chain. */
  readonly result?: unknown;
  readonly failure?: unknown;
  readonly also?: readonly Recorded[];
}

/** A history and a changed workflow that does not fit it. */
export interface Broken {
  readonly history: string;
  /** A function of workflows-changed.ts. */
  readonly changed: string;
  /** The core of the official replayer's message. */
  readonly essential: string;
}

export interface OfficialEvent {
  readonly eventId: string;
  readonly eventType: string;
  readonly [field: string]: unknown;
}
export interface OfficialHistory {
  readonly events: readonly OfficialEvent[];
}

export const readJson = (name: string): unknown => JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8'));
/** @param file `histories/complete.json` */
export const readHistory = (file: string): OfficialHistory => readJson(file) as OfficialHistory;
/** @param name `workflows.ts` */
export const sourcePath = (name: string): string => fileURLToPath(new URL(name, FOLDER));

export const scenarios = readJson('index.json') as readonly Scenario[];
export const broken = readJson('broken.json') as readonly Broken[];

/** Every history of a scenario. */
export const recordingsOf = ({ name, file, status, also = [] }: Scenario): readonly Recorded[] => [
  { workflowId: name, file, status },
  ...also,
];
