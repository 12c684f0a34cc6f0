import type { DockerfileSyntax } from "../types/dockerfile.ts";

/** Parses a Dockerfile. Never throws. */
export function parseDockerfile(_text: string): DockerfileSyntax {
  return { escape: "\\", syntax: null, instructions: [], errors: [] };
}
