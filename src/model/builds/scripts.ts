import { expandReferences, joinedLine, parseMakefile } from "../../sources/makefile.ts";
import { directoryOf, inRepository } from "../../text/paths.ts";
import type { DataFile } from "../../types/data.ts";
import type { MakeVariable } from "../../types/makefile.ts";
import type { Location, RepoPath } from "../../types/text.ts";
import type { FileTree } from "../../types/workspace.ts";
import { entriesOf, entryOf, locate } from "../data.ts";
import { commandBuilds } from "./command-lines.ts";
import type { Definition } from "./definition.ts";
import { dockerCommand } from "./docker-command.ts";
import { withMounts } from "./run-mounts.ts";

export function isShellScript(path: RepoPath): boolean {
  return /\.(sh|bash|zsh|ksh)$|(^|\/)(build|deploy|release|publish|justfile|Justfile)$/.test(path);
}

const MENTIONS = /\b(docker|podman|buildah|nerdctl|depot|gcloud)\b/;

/** Whether a line of a Makefile may build an image, by a name or by the variable that holds one. */
export function mentionsBuilder(line: string): boolean {
  return MENTIONS.test(line) || /\$[({](DOCKER|CONTAINER)\w*[)}]/.test(line);
}

/** Builds of a shell script. Where it is started is not written down: the root, or its own directory. */
export function scriptBuilds(path: RepoPath, lines: readonly string[], tree: FileTree): Definition[] {
  const text = lines.join("\n");
  if (!MENTIONS.test(text)) return [];
  const own = directoryOf(path);
  const above = directoryOf(own);
  const placed = resolveVariables(text, own === "" ? "$GITHUB_WORKSPACE" : `$GITHUB_WORKSPACE/${own}`);
  const found = commandBuilds({
    text: placed,
    origin: "script",
    name: path,
    locate: offsetIn(path, placed),
    cwds: [...new Set(["", own, above])],
    tree,
    madeBefore: false,
    ciOnly: false,
  });
  return withMounts(found, [placed]);
}

const MAX_VARIABLES = 100;
/** Longest value that is written out: each that is made of two others doubles. */
const LONGEST_VALUE = 1000;

/** The script's own directory (`$(dirname "$0")` and what is like it) and literal variables, written out. Lines stay lines. */
function resolveVariables(text: string, own: string): string {
  const variables = new Map<string, string>();
  for (const name of ["SCRIPT_DIR", "SCRIPTDIR", "SCRIPT_PATH", "DIR", "HERE", "BASEDIR"]) variables.set(name, own);
  return text
    .split("\n")
    .map((line) => {
      const known = line
        .replace(
          /\$(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))/g,
          (whole, braced?: string, bare?: string) => variables.get(braced ?? bare ?? "") ?? whole,
        )
        .replace(/\$\(\s*(?:readlink\s+-\w+|realpath)\s+"?([^()"]*)"?\s*\)/g, (_, of: string) => of);
      let resolved = known;
      for (let depth = 0; depth < MAX_DIRECTORIES_UP; depth++) resolved = directoriesIn(resolved, own);
      const assignment =
        /^\s*(?:export\s+|readonly\s+|local\s+)?([A-Za-z_]\w*)=("?)((?:\$GITHUB_WORKSPACE)?[\w./:@-]*)\2\s*$/.exec(
          resolved,
        );
      const [, name = "", , value = ""] = assignment ?? [];
      if (assignment && value.length <= LONGEST_VALUE && variables.size < MAX_VARIABLES) variables.set(name, value);
      return resolved;
    })
    .join("\n");
}

const MAX_DIRECTORIES_UP = 4;

/** `$(dirname …)` of the script itself and of places that are known, written out; `$(cd … && pwd)` around one goes with it. */
function directoriesIn(line: string, own: string): string {
  return line
    .replace(/\$\(\s*dirname\s+(?:--\s+)?"?([^()"]*)"?\s*\)/g, (whole, of: string) => {
      if (/\$0\b|\$\{0\}|BASH_SOURCE|\$\{\(%\):-%x\}/.test(of)) return own;
      const above = /^(\$GITHUB_WORKSPACE(?:\/[\w.-]+)*)\/[\w.-]+$/.exec(of.trim());
      return above ? above[1]! : whole;
    })
    .replace(
      /\$\(\s*cd\s+"?(\$GITHUB_WORKSPACE[^\s"&;()]*)"?\s*(?:>[^&;()]*)?(?:&&|;)\s*pwd[^()]*\)/g,
      // `pwd` says the place without the steps back.
      (_, place: string) => {
        const inside = inRepository("", place.slice("$GITHUB_WORKSPACE".length).replace(/^\/+/, "") || ".");
        return inside === null ? place : inside === "" ? "$GITHUB_WORKSPACE" : `$GITHUB_WORKSPACE/${inside}`;
      },
    );
}

/**
 * Builds of a Makefile, each line of a recipe in a shell of its own. It runs where a caller with `make -f` stands, else in the Makefile's
 * directory; a path that only the repository's root has says that people run it from there.
 */
export function makefileBuilds(
  path: RepoPath,
  lines: readonly string[],
  tree: FileTree,
  callers: readonly RepoPath[],
): Definition[] {
  if (!lines.some(mentionsBuilder)) return [];
  const { rules, variables } = parseMakefile(lines);
  // A target of that name, or a command that writes to one, makes the Dockerfile before.
  const makesDockerfile =
    rules.some(({ targets }) => targets.some((one) => /(?:Docker|Container)file[\w.-]*$/.test(one))) ||
    lines.some((line) => /(?:>\s*|\btee\s+(?:-a\s+)?)["']?[\w./${}()-]*(?:Docker|Container)file/.test(line));
  const cwds = [...new Set([...callers, directoryOf(path), ""])];
  const values = literalsOf(variables);
  const lookup = (name: string) =>
    values.get(name) ?? (/^(DOCKER|CONTAINER_(TOOL|ENGINE|RUNTIME))$/.test(name) ? "docker" : undefined);
  const found: Definition[] = [];
  const recipes: string[] = [];
  for (const line of rules.flatMap(({ recipe }) => recipe)) {
    const text = joinedLine(line);
    if (!mentionsBuilder(text)) continue;
    const expanded = expandReferences(text, lookup);
    recipes.push(expanded);
    const location: Location = {
      path,
      start: { line: line.starts[0].line, column: 1 },
      end: { line: line.end.line + 1, column: 1 },
    };
    found.push(
      ...commandBuilds({
        text: expanded,
        origin: "script",
        name: path,
        locate: () => location,
        cwds,
        firstIsLikely: true,
        tree,
        madeBefore: makesDockerfile,
        ciOnly: false,
      }),
    );
  }
  return withMounts(found, recipes);
}

/** What recipes find in variables: the last literal, and what a branch sets only where nothing else does. */
function literalsOf(variables: readonly MakeVariable[]): Map<string, string> {
  const values = new Map<string, string>();
  for (const { name, operator, value, conditional } of variables) {
    if (operator === "+=" || operator === "!=" || value.includes("$")) continue;
    if (!values.has(name) || !(conditional || operator === "?=")) values.set(name, value);
  }
  return values;
}

/** Builds among the scripts of a package.json; npm runs them beside it. */
export function packageBuilds(path: RepoPath, file: DataFile, tree: FileTree): Definition[] {
  return entriesOf(entryOf(file.documents[0]?.root, "scripts")?.value).flatMap(({ value }) => {
    if (value.kind !== "scalar" || !MENTIONS.test(value.text)) return [];
    return commandBuilds({
      text: value.text,
      origin: "script",
      name: path,
      locate: () => locate(path, file, value),
      cwds: [directoryOf(path)],
      tree,
      madeBefore: false,
      ciOnly: false,
    });
  });
}

/** Builds as argument lists of Python or JavaScript: `["docker", "build", "-f", "x", "."]`. Only lists of nothing but literals. */
export function argumentListBuilds(path: RepoPath, lines: readonly string[], tree: FileTree): Definition[] {
  const text = lines.join("\n");
  const found: Definition[] = [];
  const opening = /["'](docker|podman|buildah)["']\s*,\s*[[(]?\s*["'](build|buildx|image|bud)["']/g;
  for (let match = opening.exec(text); match; match = opening.exec(text)) {
    const words: string[] = [];
    const literal =
      /\s*(?:[frbu]{0,2}"((?:[^"\\\n]|\\.)*)"|[frbu]{0,2}'((?:[^'\\\n]|\\.)*)'|`([^`\n]*)`|([A-Za-z_$][\w$.]*(?:\([^()\n]*\))?))\s*([,\])])?|\s*[[(]/y;
    literal.lastIndex = match.index;
    for (let part = literal.exec(text); part && words.length < 200; part = literal.exec(text)) {
      const value = part[1] ?? part[2] ?? part[3];
      if (value !== undefined) words.push(value.replace(/\{[^}]*\}/g, "$X"));
      else if (part[4] !== undefined) words.push("$X");
      if (
        part[5] === "]" ||
        part[5] === ")" ||
        (part[5] === undefined && part[0].trim() !== "[" && part[0].trim() !== "(")
      )
        break;
    }
    const own = directoryOf(path);
    const builds = [...new Set(["", own])].flatMap((cwd) => {
      const build = dockerCommand(words, cwd);
      if (!build || build.context.kind === "unknown") return [];
      const inside = build.context.path;
      const dockerfile = build.dockerfile ?? (inside === "" ? "Dockerfile" : `${inside}/Dockerfile`);
      return build.dockerfileUnknown === undefined && tree.has(dockerfile) ? [build] : [];
    });
    const build = builds[0];
    if (!build) continue;
    const { builder, upload: _, dockerfileUnknown: __, ...rest } = build;
    const [tag] = build.tags;
    found.push({
      ...rest,
      name: tag !== undefined && !/[$]/.test(tag) ? tag.replace(/:[^/]*$/, "") : path,
      origin: "script",
      at: offsetIn(path, text)(match.index, match.index + match[0].length),
      ...(builder ? { builder } : {}),
      madeBefore: [""],
    });
  }
  return found;
}

function offsetIn(path: RepoPath, text: string): (start: number, end: number) => Location {
  return (start, end) => {
    const position = (offset: number) => {
      const before = text.slice(0, offset);
      const line = before.split("\n").length;
      return { line, column: offset - before.lastIndexOf("\n") };
    };
    return { path, start: position(start), end: position(end) };
  };
}
