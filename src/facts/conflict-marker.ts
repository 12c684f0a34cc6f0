import { findConflictMarker } from "../sources/python-breaks.ts";
import type { Extractor } from "../types/facts.ts";
import { conflictMark } from "./conflict-mark.ts";

/** The line of a merge's conflict marker. Bytes are searched first: almost no file has one. */
export const conflictMarkerExtractor: Extractor<"conflict-marker"> = {
  kind: "conflict-marker",
  version: 1,
  extract: (source) => ({
    line: source.bytes().includes(conflictMark) ? (findConflictMarker(source.text())?.line ?? null) : null,
  }),
};
