// How an error class is recognised by another realm, another copy of the package, or Temporal's own classes.
// Runs in every realm, once per class.

type ErrorClass = (abstract new (...args: never[]) => Error) & { readonly prototype: Error };

const hasMarker = (candidate: unknown, marker: symbol): boolean =>
  typeof candidate === 'object' && candidate !== null && Reflect.get(candidate, marker) === true;

/**
 * Gives `errorClass` its name and Temporal's marker (`Symbol.for('__temporal_is<name>')`), and makes `instanceof` look for
 * the marker. Subclasses without a marker of their own keep the ordinary `instanceof`.
 */
export function markError(errorClass: ErrorClass, name: string): void {
  const marker = Symbol.for(`__temporal_is${name}`);
  Object.defineProperty(errorClass.prototype, marker, { value: true });
  // Writable, so that a subclass may assign its own name.
  Object.defineProperty(errorClass.prototype, 'name', { value: name, writable: true, configurable: true });
  Object.defineProperty(errorClass, Symbol.hasInstance, {
    value(this: unknown, candidate: unknown): boolean {
      if (this === errorClass) return hasMarker(candidate, marker);
      return Function.prototype[Symbol.hasInstance].call(this, candidate);
    },
  });
}
