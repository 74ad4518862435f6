// What a user may tell a converter about one value's type. Types only.

declare const valueType: unique symbol;

/** Picks one converter for a value. */
export interface ConverterHint<T = unknown> {
  converter: string;
  [valueType]?: T;
}

/** Turns a value into one that a payload converter can take, and back. */
export interface TransferTypeConverter<T, D = unknown> {
  fromTransferType(value: D): T;
  toTransferType(value: T): D;
}

export interface TypeInfo<T = unknown, D = T> {
  transferTypeConverter?: TransferTypeConverter<T, D>;
  payloadConverterHint?: ConverterHint<D>;
}
