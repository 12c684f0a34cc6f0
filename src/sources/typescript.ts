/**
 * The one place that loads TypeScript's parser. It weighs megabytes: import this file with `import()`, and only where a tree is needed.
 * ts-morph brings a TypeScript with a JS API; npm's `typescript` 7 has none.
 */
export { ts } from "ts-morph";
