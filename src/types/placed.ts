import type { Location } from "./text.ts";

/** A fact's value in which everything that has a range (`start`, `end` offsets) has got its place as well: models hold facts in this form. */
export type Placed<T> = T extends readonly (infer Item)[]
  ? Placed<Item>[]
  : T extends { start: number; end: number }
    ? { [K in keyof T]: Placed<T[K]> } & { at: Location }
    : T extends object
      ? { [K in keyof T]: Placed<T[K]> }
      : T;
