// Which recorded histories wait for what. A feature that comes takes its line away.

const LATER: readonly (readonly [pattern: RegExp, feature: string])[] = [
  [/\/(update-|reset-update|queries\.json)/, 'updates'],
  [/\/(local-|signal-in-open-task)/, 'local activities'],
  [/\/(paused|options-updated)\.json/, 'events of operators, which workers may ignore'],
];

export const laterFeatureOf = (file: string): string | undefined =>
  LATER.find(([pattern]) => pattern.test(file))?.[1];
