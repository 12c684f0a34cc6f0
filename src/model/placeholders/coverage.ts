import { directoryOf } from "../../text/paths.ts";
import type { PlaceholderHit } from "../../types/placeholders.ts";
import type { RepoPath } from "../../types/text.ts";
import type { CodeUse } from "./code-words.ts";
import type { DeploysByPath } from "./deploys.ts";
import type { Inspected } from "./inspect.ts";
import type { Judged } from "./judged.ts";
import type { ManifestPrograms } from "./manifest-programs.ts";
import type { Renderer } from "./rendering.ts";

export interface Pipeline {
  renderers: readonly Renderer[];
  deploys: DeploysByPath;
  /** Files that a step of a deploy writes anew, with the place. */
  written: ReadonlyMap<RepoPath, { file: RepoPath; line: number }>;
  /** Read only when there is something to explain. */
  code: () => ReadonlyMap<string, readonly CodeUse[]>;
  /** Where a chart's templates refuse or replace the placeholder. */
  guard: (file: Inspected, hit: PlaceholderHit) => CodeUse | null;
  /** Where a guide says how the file is rendered. */
  documented: (path: RepoPath) => Pick<CodeUse, "file" | "line"> | null;
  /** What programs beside a file do with it. */
  programs: ManifestPrograms;
  /** Where a variable of the process is put over the setting. */
  overridden: (hit: PlaceholderHit) => CodeUse | null;
  /** Where variables of the process may be put over the setting. */
  open: (path: RepoPath, hit: PlaceholderHit) => Pick<CodeUse, "file" | "line"> | null;
}

export type Coverage =
  | { kind: "rendered" }
  | { kind: "missed"; by: Renderer }
  | { kind: "written"; by: { file: RepoPath; line: number } }
  | { kind: "guarded"; by: { file: RepoPath; line: number } }
  | { kind: "documented"; by: { file: RepoPath; line: number } }
  | { kind: "read"; by: { file: RepoPath; line: number } }
  | { kind: "overridden"; by: { file: RepoPath; line: number } }
  | { kind: "open"; by: { file: RepoPath; line: number } }
  | { kind: "none" };

const replaceable = new Set([
  "word",
  "angle",
  "bracket",
  "masked",
  "mustache",
  "dollar-brace",
  "dollar",
  "hash-brace",
  "double-underscore",
  "at",
  "percent",
  "brace",
  "double-square",
]);

/** What the repository's steps and programs do about one placeholder. */
export function coverageOf(
  hit: PlaceholderHit,
  judged: Judged,
  file: Inspected,
  pipeline: Pipeline,
  serious: boolean,
): Coverage {
  for (const renderer of pipeline.renderers) {
    if (!renderer.inputs.has(file.path) && !renderer.anyInput) continue;
    if (renderer.replaces(hit, file.path)) return { kind: "rendered" };
  }
  // Nothing says which file it reads, but it names this very token.
  if (
    pipeline.renderers.some(
      (renderer) => renderer.only === null && renderer.tool !== "envsubst" && namesToken(renderer, hit),
    )
  )
    return { kind: "rendered" };
  if (setByHelm(hit, file, pipeline)) return { kind: "rendered" };
  const over = file.format === "dotnet" ? pipeline.overridden(hit) : null;
  if (over) return { kind: "overridden", by: over };
  const open = pipeline.open(file.path, hit);
  if (open) return { kind: "open", by: open };
  const written = pipeline.written.get(file.path);
  if (written) return { kind: "written", by: written };
  // Programs are read only where it changes what is said.
  if (serious && (judged.rule === "leftover" || judged.rule === "unrendered-reference")) {
    const uses = hit.text.length >= 5 ? (pipeline.code().get(hit.text) ?? []) : [];
    if (uses.some((use) => use.use === "replace")) return { kind: "rendered" };
    if (hit.shape === "mustache" && pipeline.programs.renders(file.path)) return { kind: "rendered" };
    const guard = uses.find((use) => use.use === "compare") ?? pipeline.guard(file, hit);
    if (guard) return guard.use === "replace" ? { kind: "rendered" } : { kind: "guarded", by: guard };
    const guide = hit.shape === "dollar-brace" || hit.shape === "dollar" ? pipeline.documented(file.path) : null;
    if (guide) return { kind: "documented", by: guide };
    const read = file.format === "kubernetes" ? pipeline.programs.reads(file.path) : null;
    if (read) return { kind: "read", by: read };
    const missing = pipeline.renderers.find(
      (renderer) =>
        renderer.inputs.has(file.path) &&
        renderer.inputs.size <= 20 &&
        replacesTokens(renderer) &&
        (hit.shape !== "word" || !writesKeys(renderer)),
    );
    if (missing && replaceable.has(hit.shape)) return { kind: "missed", by: missing };
  }
  return { kind: "none" };
}

function namesToken(renderer: Renderer, hit: PlaceholderHit): boolean {
  return renderer.names.some((name) => name.length >= 5 && name.replace(/\\/g, "").includes(hit.text));
}

/** Renderers that name tokens one by one; those that set keys never claim to know all. */
function replacesTokens(renderer: Renderer): boolean {
  return /^(?:g?sed|perl)$/.test(renderer.tool)
    ? renderer.names.some((name) => /[A-Z_]{4,}|[${}<>@#]/.test(name))
    : renderer.only !== null || /replace-?tokens/i.test(renderer.tool);
}

/** Patterns that take any value of a key, as `^TAG: .+` or `^${APP}_TAG: .+`: such a step was never meant to know words. */
function writesKeys(renderer: Renderer): boolean {
  return (
    /^(?:g?sed|perl)$/.test(renderer.tool) &&
    renderer.names.every((name) =>
      /^\^?[\s\\(]*["']?(?:[\w.-]|\$\{[^}]*\}\}?)+["']?\)?\s*[:=].*[*+]["')\\]*\$?$/.test(name),
    )
  );
}

/** `helm upgrade --set a.b=c` sets the value whatever the file says. */
function setByHelm(hit: PlaceholderHit, file: Inspected, pipeline: Pipeline): boolean {
  if (file.format !== "helm-values") return false;
  const path = hit.path
    .map((step) => (typeof step === "number" ? `[${step}]` : step))
    .join(".")
    .replace(/\.\[/g, "[");
  const folder = directoryOf(file.path);
  for (const [named, deploys] of pipeline.deploys) {
    if (named !== file.path && !named.startsWith(`${folder}/`)) continue;
    for (const deploy of deploys)
      if (deploy.sets.some((key) => path === key || path.startsWith(`${key}.`) || path.startsWith(`${key}[`)))
        return true;
  }
  return false;
}
