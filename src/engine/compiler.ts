/**
 * V8 compiles a regular expression for its interpreter first and for the machine when it is asked a second time: for a run that asks most of
 * them a few times only, that costs a tenth. It is compiled for the machine at once, as V8's commit 4b2ab5e9cf makes it the default. Of the
 * flags only this number may change while the process runs: each expression keeps the one that it was made with. `--no-regexp-tier-up` makes
 * V8 take what it has for its interpreter for code of the machine: one run of four hundred crashed.
 */
export const askedBefore = "--regexp-tier-up-ticks=0";

/** What src/sources/grammar.ts sets before it loads a grammar: V8 takes nothing from its cache once a flag has changed. */
const ofGrammars = ["--no-wasm-tier-up", "--no-wasm-dynamic-tiering"];

/** Majors of Node whose V8 knows the flag; another one would print that it does not. */
const known = /^(?:20|22|24)\./;

/**
 * Has V8 compile for a short run; called before anything large is loaded. Not for the command line of Node, which an action cannot give, and
 * where it would make Node compile its own modules anew.
 * @param version Node's own, like `24.21.0`
 */
export function compileForShortRun(version: string): void {
  if (!known.test(version)) return;
  const { setFlagsFromString } = process.getBuiltinModule("node:v8");
  for (const flag of [askedBefore, ...ofGrammars]) setFlagsFromString(flag);
}
