// Figures for people.
const UNITS = ['B', 'KB', 'MB', 'GB', 'TB'] as const;

export const count = (value: number): string => value.toLocaleString('en-US');

/** `1 attempt`, `2 attempts`. */
export const counted = (value: number, noun: string, plural = `${noun}s`): string =>
  `${count(value)} ${value === 1 ? noun : plural}`;

export function bytes(value: number): string {
  let scaled = value;
  let unit = 0;
  while (scaled >= 999.5 && unit < UNITS.length - 1) {
    scaled /= 1_000;
    unit += 1;
  }
  return `${unit === 0 || scaled >= 100 ? Math.round(scaled) : scaled.toFixed(1)} ${UNITS[unit]}`;
}

export const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;

export const percent = (part: number, whole: number): string =>
  whole === 0 ? '–' : `${((100 * part) / whole).toFixed(part / whole < 0.1 ? 1 : 0)} %`;
