import type { Severity } from "../../types/finding.ts";
import type { IgnoreFile } from "../../types/image.ts";

/** True when some build reads the file, or may. */
export function isRead(file: IgnoreFile): boolean {
  return file.builds.length > 0 || file.mayBeRead;
}

/** A file that only builds found by search read is judged at warning at most. */
export function severityFor(file: IgnoreFile, severity: Severity): Severity {
  return severity === "error" && !file.builds.some((build) => build.deployed) ? "warning" : severity;
}
