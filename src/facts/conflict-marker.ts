import { findConflictMarker } from "../sources/python-breaks.ts";
import type { Extractor } from "../types/facts.ts";

const marker = Buffer.from("<<<<<<<");

/** The line of a merge's conflict marker. Bytes are searched first: almost no file has one. */
export const conflictMarkerExtractor: Extractor<"conflict-marker"> = {
  kind: "conflict-marker",
  version: 1,
  extract: (source) => ({
    line: source.bytes().includes(marker) ? (findConflictMarker(source.text())?.line ?? null) : null,
  }),
};
