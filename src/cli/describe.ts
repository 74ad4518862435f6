// Values of events in short: JSON payloads as they are, bytes by their number, failures by their messages.
import type { Failure } from '../model/failure';

const TEXT_MAX = 200;

/** Empty: nothing to say. */
export function describeValue(value: unknown): string {
  if (value === undefined || value === null || value === '') return '';
  if (typeof value === 'string') return shortened(value);
  if (value instanceof Uint8Array) return `<${value.length} bytes>`;
  if (Array.isArray(value)) return value.length === 0 ? '' : `[${value.map(describeItem).join(', ')}]`;
  if (typeof value === 'object') return isFailure(value) ? describeFailure(value) : describeObject(value);
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

/** In a list also nothing has its place. */
const describeItem = (value: unknown): string =>
  value === undefined || value === null ? 'undefined' : describeValue(value);

function describeObject(value: object): string {
  const parts = Object.entries(value)
    .map(([name, part]) => [name, describeValue(part)] as const)
    .filter(([, text]) => text !== '');
  return parts.length === 0 ? '' : `{${parts.map(([name, text]) => `${name}: ${text}`).join(', ')}}`;
}

const isFailure = (value: object): value is Failure =>
  'message' in value && typeof value.message === 'string';

function describeFailure({ message, info, cause }: Failure): string {
  const type = info?.kind === 'application' ? (info.type ?? 'Error') : (info?.kind ?? 'Error');
  const because = cause === undefined ? '' : ` <- ${describeFailure(cause)}`;
  return shortened(`${type}: ${message}`) + because;
}

const shortened = (text: string): string => {
  const line = text.replaceAll('\n', '\\n');
  return line.length <= TEXT_MAX ? line : `${line.slice(0, TEXT_MAX)}… (${line.length} characters)`;
};
