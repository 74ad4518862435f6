// The `Date` of workflow code: its clock is the current turn's. Runs inside a realm. Must never read the real clock;
// V8 has two more doors to it, `Intl.DateTimeFormat#format()` and `#formatToParts()` without an argument, closed here.
import { currentRun } from './run-hooks';

export function installVirtualDate(globalObject: object): void {
  const RealDate = Date;

  function VirtualDate(...args: readonly unknown[]): object | string {
    const now = currentRun().now();
    if (new.target === undefined) return new RealDate(now).toString();
    return Reflect.construct(RealDate, args.length === 0 ? [now] : args, new.target) as object;
  }
  const statics: Record<string, unknown> = {
    now: function now(): number {
      return currentRun().now();
    },
    parse: RealDate.parse,
    UTC: RealDate.UTC,
  };
  for (const [name, value] of Object.entries(statics)) {
    Object.defineProperty(VirtualDate, name, {
      value,
      writable: true,
      enumerable: false,
      configurable: true,
    });
  }
  Object.defineProperty(VirtualDate, 'name', { value: 'Date', configurable: true });
  Object.defineProperty(VirtualDate, 'length', { value: RealDate.length, configurable: true });
  Object.defineProperty(VirtualDate, 'prototype', { value: RealDate.prototype, writable: false });
  // The way back to the real constructor.
  Object.defineProperty(RealDate.prototype, 'constructor', {
    value: VirtualDate,
    writable: true,
    enumerable: false,
    configurable: true,
  });
  Object.defineProperty(globalObject, 'Date', {
    value: VirtualDate,
    writable: true,
    enumerable: false,
    configurable: true,
  });
  virtualizeDateTimeFormat();
}

type DateLike = Parameters<Intl.DateTimeFormat['format']>[0];

function virtualizeDateTimeFormat(): void {
  const prototype = Intl.DateTimeFormat.prototype;
  const accessor = Object.getOwnPropertyDescriptor(prototype, 'format') as
    { readonly get?: () => unknown } | undefined;
  const boundFormat = accessor?.get;
  const formatToParts = Object.getOwnPropertyDescriptor(prototype, 'formatToParts')?.value as
    Intl.DateTimeFormat['formatToParts'] | undefined;
  if (boundFormat !== undefined) {
    Object.defineProperty(prototype, 'format', {
      get(this: Intl.DateTimeFormat): Intl.DateTimeFormat['format'] {
        const format = Reflect.apply(boundFormat, this, []) as (date: DateLike) => string;
        return (date?: DateLike) => format(date ?? currentRun().now());
      },
      enumerable: false,
      configurable: true,
    });
  }
  if (formatToParts !== undefined) {
    Object.defineProperty(prototype, 'formatToParts', {
      value(this: Intl.DateTimeFormat, date?: DateLike): Intl.DateTimeFormatPart[] {
        return Reflect.apply(formatToParts, this, [date ?? currentRun().now()]);
      },
      writable: true,
      enumerable: false,
      configurable: true,
    });
  }
}
