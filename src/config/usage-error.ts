/** A mistake in the command line, the config or a rule file: one sentence with its place, exit code 2. */
export class UsageError extends Error {
  override name = "UsageError";
}
