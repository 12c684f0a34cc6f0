import type { DataFile } from "../../types/data.ts";
import type { FactReader } from "../../types/facts.ts";
import type { Location, RepoPath } from "../../types/text.ts";
import { asScalar, locate, textOf, valueAt } from "../data.ts";
import { appsInCode } from "./ecosystem.ts";
import { commandsOf } from "./scripts.ts";
import type { EntryFacts, ProcessApp } from "./walk.ts";

/** The walk's view of facts: offsets become places. */
export function entryFacts(facts: FactReader): EntryFacts {
  const locator =
    (path: RepoPath, file: Pick<DataFile, "lineStarts">) =>
    (start: number, end: number): Location =>
      locate(path, file, { start, end });
  const json: EntryFacts["json"] = (path) => {
    const file = facts.get("data", path);
    const root = file?.documents[0]?.root;
    return file && root ? { root, locate: locator(path, file) } : null;
  };
  return {
    json,
    script(path, how) {
      const script = facts.get("shell", path);
      return script && commandsOf({ script, locate: locator(path, script), ...how });
    },
    interpreter(path) {
      const first = facts.get("lines", path)?.lines[0] ?? "";
      const match = /^\uFEFF?#![ \t]*(\S+)(?:[ \t]+(?:-\S+[ \t]+)*(\S+))?/.exec(first.slice(0, 300));
      const program = match?.[1]?.endsWith("/env") ? match[2] : match?.[1];
      return program?.slice(program.lastIndexOf("/") + 1) ?? null;
    },
    lines: (path) => facts.get("lines", path)?.lines ?? null,
    ini(path) {
      const file = facts.get("ini", path);
      if (!file) return null;
      const place = locator(path, file);
      return file.sections.map((section) => ({
        name: section.name,
        values: section.values.map(({ key, value, start, end }) => ({ key, value, at: place(start, end) })),
      }));
    },
    procfile(path) {
      const file = facts.get("procfile", path);
      if (!file) return null;
      const place = locator(path, file);
      return file.lines.map(({ name, command, start, end }) => ({ name, command, at: place(start, end) }));
    },
    apps(path) {
      if (/\.(?:json|ya?ml)$/.test(path)) return appsOf(json(path));
      const lines = facts.get("lines", path)?.lines;
      return lines ? appsInCode(path, lines) : null;
    },
  };
}

function appsOf(file: ReturnType<EntryFacts["json"]>): ProcessApp[] | null {
  if (!file) return null;
  const list = valueAt(file.root, "apps") ?? file.root;
  const items = list.kind === "list" ? list.items : [list];
  return items.flatMap((item) => {
    const script = asScalar(valueAt(item, "script"));
    if (!script) return [];
    const text = (key: string) => textOf(valueAt(item, key));
    const args = valueAt(item, "args");
    return {
      name: text("name"),
      script: script.text,
      cwd: text("cwd"),
      args: args?.kind === "list" ? args.items.map((one) => textOf(one) ?? "").join(" ") : textOf(args),
      interpreter: text("interpreter") ?? text("exec_interpreter"),
      at: file.locate(script.start, script.end),
      conditional: false,
    };
  });
}
