import type { Finding } from "../types/finding.ts";

/** GitHub draws a graph of many edges too small to be read. */
const mostEdges = 24;
const fewest = 3;

/**
 * A mermaid graph of the modules that an image lacks: what starts, what it imports, what is lost and by which line. Null where fewer
 * than three are lost: a picture of one edge tells no more than its sentence. Paths are reduced to
 * characters that mean nothing to mermaid.
 */
export function lostModulesPicture(findings: readonly Finding[]): string | null {
  const lost = findings.filter((one) => one.rule.startsWith("dockerignore/module-") && (one.related ?? []).length > 0);
  if (lost.length < fewest) return null;
  const subjects = new Set(lost.map(({ subject }) => subject));
  const ids = new Map<string, string>();
  const nodes: string[] = [];
  const idOf = (key: string, node: string): string => {
    const known = ids.get(key);
    if (known !== undefined) return known;
    const id = `n${ids.size}`;
    ids.set(key, id);
    nodes.push(`  ${id}${node}`);
    return id;
  };
  const file = (path: string) => idOf(`file ${path}`, `["${plain(path)}"]${subjects.has(path) ? ":::lost" : ""}`);
  const edges = new Set<string>();
  for (const { subject, at, related = [] } of lost) {
    if (edges.size + 3 > mostEdges) break;
    const importer = related.find(({ message }) => message.startsWith("imports "))?.path;
    const start = related.find(({ message }) => message.startsWith("starts "))?.path;
    const line = `${at.path}:${at.start.line}`;
    if (start !== undefined && importer !== undefined && start !== importer && !subjects.has(importer))
      edges.add(`  ${file(start)} -. leads to .-> ${file(importer)}`);
    const from = importer ?? start;
    if (from !== undefined && from !== subject) edges.add(`  ${file(from)} --> ${file(subject)}`);
    edges.add(`  ${idOf(`line ${line}`, `(["${plain(line)}"])`)} -. leaves out .-> ${file(subject)}`);
  }
  const style = "  classDef lost stroke:#b3261e,stroke-width:2px,stroke-dasharray:4";
  return ["flowchart LR", ...nodes, ...edges, style].join("\n");
}

const plain = (text: string): string => {
  const kept = text.slice(0, 200).replace(/[^\w./:@-]/g, "?");
  return kept.length > 60 ? `..${kept.slice(-58)}` : kept;
};
