/** The TypeScript compiler's syntax API as ts-morph brings it; npm's `typescript` 7 has none. Import this file lazily: it is large. */
export { ts } from "ts-morph";
