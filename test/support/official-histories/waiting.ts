// Which scenarios wait for a feature that Troupe does not have yet. A feature that comes takes its lines away.
import type { Scenario } from '.';

interface Waiting {
  readonly feature: string;
  readonly scenarios: readonly string[];
}

/** Their histories are not replayed, and their workflows not run. */
const NOT_REPLAYED: readonly Waiting[] = [
  {
    feature: 'updates',
    scenarios: [
      'update-completed',
      'update-rejected',
      'update-fails',
      'update-two-in-one-task',
      'update-over-several-tasks',
      'update-two-overlapping',
      'update-finish-while-open',
      'update-with-signal-before-first-task',
      'update-with-start',
      'update-accepted-only',
      // Its queries are between updates.
      'queries',
      'reset-update',
    ],
  },
  {
    feature: 'local activities',
    scenarios: [
      'local-ok',
      'local-three',
      'local-failed',
      'local-retried',
      'local-backoff',
      'local-mixed',
      'local-timedOut',
      // A local activity is how it gets a signal into an open task.
      'signal-in-open-task',
    ],
  },
  { feature: 'pausing a workflow', scenarios: ['paused'] },
  { feature: 'changing the options of a running workflow', scenarios: ['options-updated'] },
];

/** Their histories replay, but what the client does in them, or what the server does by itself, comes later. */
const NOT_RUN: readonly Waiting[] = [
  { feature: 'resetting a workflow', scenarios: ['reset-signals', 'reset-activity', 'reset-running'] },
  { feature: 'cron schedules', scenarios: ['cron'] },
  // Nothing of them is in the history.
  { feature: 'updates', scenarios: ['update-rejected-in-first-task', 'update-unknown'] },
  { feature: 'local activities', scenarios: ['signal-at-the-very-end'] },
  // Slow machines and fast ones end it differently: before the second attempt, or after it.
  { feature: 'nothing', scenarios: ['activity-timeout-scheduleToCloseRetrying'] },
  { feature: 'workers in other processes, which can vanish alone', scenarios: ['task-times-out'] },
];

const featureIn = (lists: readonly Waiting[], { name }: Pick<Scenario, 'name'>): string | undefined =>
  lists.find(({ scenarios }) => scenarios.includes(name))?.feature;

/** The feature that the replay of the scenario's histories waits for. */
export const replayWaitsFor = (scenario: Pick<Scenario, 'name'>): string | undefined =>
  featureIn(NOT_REPLAYED, scenario);

/** The feature that a run of the scenario waits for. */
export const runWaitsFor = (scenario: Pick<Scenario, 'name'>): string | undefined =>
  featureIn([...NOT_REPLAYED, ...NOT_RUN], scenario);

/** The feature that a changed workflow uses. */
export const changedWaitsFor = (changed: string): string | undefined =>
  /^local[A-Z]/.test(changed) ? 'local activities' : undefined;

export const waitingScenarios: readonly string[] = [...NOT_REPLAYED, ...NOT_RUN].flatMap(
  ({ scenarios }) => scenarios,
);
