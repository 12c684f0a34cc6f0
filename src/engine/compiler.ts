/**
 * What V8 does to code that runs long, and what costs a run on a small repository more than a tenth of its time: it compiles each regular
 * expression for its interpreter first and then again, and each function that is called a few times again without optimising it.
 * The optimising compilers stay on; runs on 20,000 files are no slower.
 */
export const halfMeasures = ["--no-regexp-tier-up", "--no-sparkplug", "--no-ignition-reo"];

/** Majors of Node whose V8 knows these flags; another one would print that it does not. */
const known = /^(?:20|22|24)\./;

/**
 * Has V8 compile for a short run; called before anything large is loaded. It is not for the command line of Node, which an action cannot
 * give, and where it would make Node compile its own modules anew.
 * @param version Node's own, like `24.21.0`
 */
export function compileForShortRun(version: string): void {
  if (!known.test(version)) return;
  const { setFlagsFromString } = process.getBuiltinModule("node:v8");
  for (const flag of halfMeasures) setFlagsFromString(flag);
}
