// What must be an object with names, and what must be a list: said by the option's name. Pure.
import { describeThrown } from './error-inspection';

/** @param what it should be, for the error: `an object such as { owner: 'me' }`. @throws {TypeError} */
export function assertObject(value: unknown, name: string, what: string): asserts value is object {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) refuse(value, name, what);
}

/** @param isItem what its items must be. @throws {TypeError} */
export function assertList(
  value: unknown,
  name: string,
  what: string,
  isItem: (item: unknown) => boolean,
): asserts value is readonly unknown[] {
  if (!Array.isArray(value) || !value.every(isItem)) refuse(value, name, what);
}

function refuse(value: unknown, name: string, what: string): never {
  throw new TypeError(`${name}: ${what}, not ${describeThrown(value)}`);
}
