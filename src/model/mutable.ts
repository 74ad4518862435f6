/** While it is made, by the one who makes it. */
export type Mutable<T> = { -readonly [K in keyof T]: T[K] };
