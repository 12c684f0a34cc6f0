import { parseOutline } from "../sources/markdown-outline.ts";
import { directoryOf, inRepository } from "../text/paths.ts";
import type { Checklist, ChecklistItem, ChecklistSection, ChecklistsModel } from "../types/checklist.ts";
import type { ModelInput } from "../types/model.ts";
import type { Location, RepoPath } from "../types/text.ts";

const ROLLBACK = /roll(?:ing|ed)?[\s-]?back|\brevert|\bback(?:ing|ed)?[\s-]?out\b|\bway back\b/i;

/** What a checklist's heading is called when nobody looks at case, emoji, numbering and its last mark. */
export function normalTitle(title: string): string {
  return title
    .replace(/[*_`~]|\p{Extended_Pictographic}|\uFE0F|\u200D|:[a-z_]{2,30}:/gu, "")
    .replace(/^\s*(?:\d{1,3}(?:\.\d{1,3}){0,4}[.):]?|[ivx]{1,4}[.)]|(?:step|phase|part)\s+\d{1,3}\s*[:.-])\s+/i, "")
    .replace(/[\s:.!?-]{1,20}$/, "")
    .replace(/\s+/g, " ")
    .trim()
    .toLowerCase();
}

/**
 * The checklists that the config names.
 * @param pullRequest body of the event's pull request; null: the event has none, undefined: there is no event
 */
export function buildChecklists(
  { files, facts, config }: Pick<ModelInput, "files" | "facts" | "config">,
  pullRequest: string | null | undefined,
): ChecklistsModel {
  const checklists: Checklist[] = [];
  for (const [index, entry] of config.config.checklist.entries()) {
    const at = config.locate(["checklist", index]);
    const base = { section: entry.section ?? null, at, near: [], rollbackElsewhere: false };
    if (entry["pull-request"]) {
      if (pullRequest === null) continue;
      const label = "the pull request's description";
      checklists.push(
        pullRequest === undefined
          ? empty(base, null, label, "unknown")
          : read(base, null, label, pullRequest.split(/\r?\n/), () => at),
      );
    } else if (entry.file !== undefined) {
      const path = entry.file.replace(/^\.\//, "");
      const lines = files.has(path) ? facts.get("lines", path)?.lines : undefined;
      if (!lines) {
        const near = files.entries
          .filter((one) => /\.mdx?$/i.test(one.path) && /checklist|runbook|release|deploy/i.test(one.path))
          .map((one) => one.path);
        checklists.push({ ...empty(base, path, path, "absent"), near: near.slice(0, 3) });
        continue;
      }
      const one = read(base, path, path, lines, (line, column, length) => ({
        path,
        start: { line, column },
        end: { line, column: column + length },
      }));
      one.rollbackElsewhere = linksToRollback(path, lines, { files, facts });
      checklists.push(one);
    }
  }
  return { checklists };
}

type Base = Pick<Checklist, "section" | "at" | "near" | "rollbackElsewhere">;

function empty(base: Base, file: RepoPath | null, label: string, missing: Checklist["missing"]): Checklist {
  return { ...base, file, label, sections: [], items: [], top: base.at, missing };
}

function read(
  base: Base,
  file: RepoPath | null,
  label: string,
  lines: readonly string[],
  locate: (line: number, column: number, length: number) => Location,
): Checklist {
  const outline = parseOutline(lines);
  const items = outline.items.map((one): ChecklistItem & { line: number } => {
    const struck = /^~~[^~]+~~(.*)$/.exec(one.text);
    return {
      text: one.text
        .replace(/[*_`]|~~/g, "")
        .replace(/\[([^\][]*)\]\([^()]*\)/g, "$1")
        .replace(/\s+/g, " ")
        .trim(),
      checked: one.checked,
      waived: struck !== null && /\w/.test(struck[1]!),
      at: locate(one.line, one.column, 3),
      line: one.line,
    };
  });
  const sections = outline.headings.map((heading, index): ChecklistSection => {
    const next =
      outline.headings.slice(index + 1).find((one) => one.level <= heading.level)?.line ?? Number.POSITIVE_INFINITY;
    const inside = (line: number) => line > heading.line && line < next;
    return {
      name: normalTitle(heading.title),
      title: heading.title,
      level: heading.level,
      items: items.filter((one) => inside(one.line)),
      actionable: outline.actions.some(inside),
      at: locate(heading.line, 1, heading.title.length + heading.level + 1),
    };
  });
  return { ...base, file, label, sections, items, top: locate(1, 1, 0), missing: null };
}

/** Whether a linked document of the repository treats the way back, by its name or a heading. */
function linksToRollback(
  path: RepoPath,
  lines: readonly string[],
  { files, facts }: Pick<ModelInput, "files" | "facts">,
): boolean {
  return parseOutline(lines)
    .links.slice(0, 200)
    .some(({ text, target }) => {
      const file = resolvePath(directoryOf(path), target.replace(/[#?].*$/, ""));
      if (file === null || files.get(file)?.tracked !== true) return false;
      if (ROLLBACK.test(text) || ROLLBACK.test(file)) return true;
      return (
        /\.mdx?$/i.test(file) &&
        parseOutline(facts.get("lines", file)?.lines ?? []).headings.some((heading) => ROLLBACK.test(heading.title))
      );
    });
}

function resolvePath(directory: RepoPath, target: string): RepoPath | null {
  if (target === "" || /^[a-z][a-z0-9+.-]*:/i.test(target)) return null;
  return inRepository(target.startsWith("/") ? "" : directory, target);
}
