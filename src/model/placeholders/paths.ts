import type { FactReader } from "../../types/facts.ts";
import type { PlaceholderFinding } from "../../types/placeholders.ts";
import type { FileTree } from "../../types/workspace.ts";

/** Files whose path still holds a template's placeholder, outside the folder of a template. */
export function unrenderedPaths(files: FileTree, _facts: FactReader): PlaceholderFinding[] {
  if (!files.entries.some((entry) => entry.path.includes("{{"))) return [];
  const roots = files.entries
    .filter((entry) =>
      /(?:^|\/)(?:cookiecutter\.json|copier\.ya?ml|copier\.yaml|\.cruft\.json|scaffold\.ya?ml|plopfile\.[cm]?[jt]s|\.hygen\.js|boilerplate\.ya?ml|template\.ya?ml)$/.test(
        entry.path,
      ),
    )
    .map((entry) => (entry.path.includes("/") ? entry.path.slice(0, entry.path.lastIndexOf("/") + 1) : ""));
  const found: PlaceholderFinding[] = [];
  const seen = new Set<string>();
  for (const entry of files.entries) {
    if (entry.ignored || !entry.path.includes("{{")) continue;
    const token = /\{\{[^{}/]{1,80}\}\}/.exec(entry.path);
    if (!token || roots.some((root) => entry.path.startsWith(root))) continue;
    const folder = entry.path.slice(0, token.index + token[0].length);
    if (
      seen.has(folder) ||
      /(?:^|\/)(?:templates?|skeletons?|_templates|generators?|boilerplates?|blueprints?|scaffolds?|tests?|fixtures?|testdata|docs|examples?|archetypes?)\//i.test(
        `${folder}/`,
      )
    )
      continue;
    seen.add(folder);
    const start = { line: 1, column: 1 };
    found.push({
      rule: "unrendered-path",
      severity: "note",
      at: { path: entry.path, start, end: start },
      subject: folder,
      key: null,
      tokens: [token[0]],
      because: "no cookiecutter.json, copier.yml or templates folder around it says that it is a template",
      remarks: [],
      mend: "Render the template that this folder came from.",
      related: [],
    });
  }
  return found;
}
