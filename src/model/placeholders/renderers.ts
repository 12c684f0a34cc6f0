import { directoryOf } from "../../text/paths.ts";
import type { DeployCommand } from "../../types/deploy-script.ts";
import type { FactReader } from "../../types/facts.ts";
import type { RepoPath } from "../../types/text.ts";
import type { FileTree } from "../../types/workspace.ts";
import { resolvePaths } from "./deploy-paths.ts";
import { keyOf } from "./keys.ts";
import { builtBy, kustomized } from "./kustomize-builds.ts";
import type { Renderer, Rendering } from "./rendering.ts";
import { basesAfter, type PlacedAction, type PlacedScript, programOf } from "./script-files.ts";
import { substitution } from "./substitution.ts";
import { taskRenderer } from "./task-definitions.ts";

/** Every renderer in the repository's scripts and steps. */
export function findRenderers(
  scripts: readonly PlacedScript[],
  actions: readonly PlacedAction[],
  files: FileTree,
  facts: FactReader,
): Renderer[] {
  return [
    ...scripts.flatMap((script) => inScript(script, files, facts)),
    ...actions.flatMap((action) => inAction(action, files)),
    ...actions.flatMap((action) => taskRenderer(action, files, facts)),
  ];
}

function inScript(script: PlacedScript, files: FileTree, facts: FactReader): Renderer[] {
  const found: Renderer[] = [];
  const copies = new Map<string, string>();
  /** Folders that kustomize builds into a file. */
  const builds = new Map<string, string>();
  let bases = script.bases;
  for (const [index, command] of script.commands.entries()) {
    const name = programOf(command);
    bases = basesAfter(command, script, bases);
    if (name === "cp" || name === "mv") {
      const plain = command.words.slice(1).filter((word) => !word.startsWith("-"));
      if (plain.length === 2) copies.set(plain[1]!, plain[0]!);
      continue;
    }
    const linesOf = (path: string): readonly string[] =>
      resolvePaths(path, bases, files).paths.flatMap((one) => facts.get("lines", one)?.lines ?? []);
    const built = builtBy(command);
    if (built && command.output) builds.set(command.output, built);
    const rendering = renderingOf(name, withScriptFiles(name, command, linesOf));
    if (!rendering) continue;
    const inputs = new Set<RepoPath>();
    let unknown = false;
    const sources = [...rendering.files, ...(command.input ? [command.input] : [])];
    for (const one of script.commands)
      if (one !== command && one.pipeline === command.pipeline) sources.push(...pipedInputs(one));
    // `for f in k8s/*.yaml; do envsubst < $f`: the loop's words are not known, so any file of the script may be meant.
    for (const source of sources) {
      const resolved = resolvePaths(copies.get(source) ?? source, bases, files);
      for (const path of resolved.paths) inputs.add(path);
      if (copies.has(source)) for (const path of resolvePaths(source, bases, files).paths) inputs.add(path);
      if (resolved.unknown && resolved.paths.length === 0) unknown = true;
    }
    const folders = script.commands
      .filter((one) => one.pipeline === command.pipeline)
      .flatMap((one) => builtBy(one) ?? [])
      .concat(sources.flatMap((source) => builds.get(source) ?? []));
    for (const folder of folders)
      for (const path of kustomized(resolvePaths(folder, bases, files).paths, files, facts)) inputs.add(path);
    if (sources.length === 0 && index > 0) unknown = true;
    const { files: _files, mayReplace, ...known } = rendering;
    found.push({
      ...known,
      replaces: (hit, path) =>
        rendering.replaces(hit) ||
        (mayReplace !== undefined && inputs.has(path) && inputs.size <= maxInputs && mayReplace(hit)),
      inputs,
      anyInput: unknown,
      file: script.file,
      at: { line: command.line, column: 1 },
      place: script.path,
      fromProcess:
        rendering.tool === "envsubst" &&
        !command.words.some((word) => /^-(?:no-(?:unset|empty)|fail-fast|v)/.test(word)),
      command,
      script,
    });
  }
  return found;
}

/** A search through more files than that is no rendering of each. */
const maxInputs = 20;

/** Files and folders that a command before the renderer puts into the pipe. */
function pipedInputs(command: DeployCommand): string[] {
  const name = programOf(command);
  const plain = command.words.slice(1).filter((word) => !word.startsWith("-"));
  if (name === "cat" || name === "sed" || name === "awk")
    return [...plain.filter((word) => !/^s[^\w\s]/.test(word)), ...(command.input ? [command.input] : [])];
  const built = builtBy(command);
  if (built) return [built];
  return command.input ? [command.input] : [];
}

function renderingOf(name: string, command: DeployCommand): Rendering | null {
  const { words } = command;
  const exec = words.indexOf("-exec");
  if (name === "find" && exec !== -1) {
    const inner = renderingOf(words[exec + 1] ?? "", {
      ...command,
      words: words.slice(exec + 1).filter((word) => word !== "{}" && word !== ";" && word !== "+"),
    });
    return inner ? { ...inner, files: [words[1] ?? "."] } : null;
  }
  if (/^g?sed$/.test(name) || (name === "perl" && words.some((word) => /^-\w*p/.test(word))))
    return substitution(name, command);
  if (name === "envsubst") {
    const list = words.slice(1).find((word) => word.includes("$"));
    const only = list ? [...list.matchAll(/\$\{?([A-Za-z_]\w*)/g)].map((match) => match[1] ?? "") : null;
    return {
      tool: "envsubst",
      only,
      names: only ?? ["every ${X}"],
      replaces: (hit) =>
        (hit.shape === "dollar-brace" || hit.shape === "dollar") && (only === null || only.includes(hit.name ?? "")),
      files: flagValues(words, ["-i", "--input"]),
    };
  }
  if (
    /^(?:gomplate|j2|jinja2?|mo|tpl|dockerize|esh|consul-template|confd|ytt|mustache|ejs|jsonnet|kluctl|nunjucks)$/.test(
      name,
    )
  ) {
    return {
      tool: name,
      only: null,
      names: ["every {{ x }}"],
      replaces: (hit) => hit.shape === "mustache" || hit.shape === "dollar-brace",
      files: words
        .slice(1)
        .filter((word) => /[./]/.test(word) && !word.startsWith("--"))
        .map((word) => word.split(":")[0] ?? word),
    };
  }
  // Applies manifests, as templates of Go, with the variables of the process (https://github.com/UKHomeOffice/kd).
  if (name === "kd")
    return {
      tool: name,
      only: null,
      names: ["every {{ .X }}"],
      replaces: (hit) => hit.shape === "mustache",
      files: flagValues(words, ["-f", "--file"]).map((path) => (/\.\w+$/.test(path) ? directoryOf(path) || "." : path)),
    };
  if (name === "yq" || name === "jq" || name === "dasel") {
    const keys = words
      .slice(1)
      .flatMap((word) => [...word.matchAll(/([\w-]+)"?\]?\s*(?:\||[+|*]?=)(?!=)/g)].map((match) => match[1] ?? ""));
    if (keys.length === 0) return null;
    return keyed(
      name,
      keys,
      words.slice(1).filter((word) => /\.(?:ya?ml|json|toml)$/.test(word)),
    );
  }
  if (name === "kustomize" && words[1] === "edit" && words[2] === "set")
    return keyed("kustomize edit set", ["image", "newTag", "newName", "namespace"], ["."]);
  return null;
}

function keyed(tool: string, keys: string[], files: string[]): Rendering {
  return { tool, only: null, names: keys, replaces: (hit) => keys.includes(keyOf(hit) ?? ""), files };
}

function flagValues(words: readonly string[], flags: readonly string[]): string[] {
  return words.flatMap((word, index) => {
    if (flags.includes(word)) return words[index + 1] ? [words[index + 1]!] : [];
    const flag = flags.find((one) => one.startsWith("--") && word.startsWith(`${one}=`));
    return flag ? [word.slice(flag.length + 1)] : [];
  });
}

/** `sed -f FILE`: the lines of the file as expressions. */
function withScriptFiles(
  name: string,
  command: DeployCommand,
  linesOf: (path: string) => readonly string[],
): DeployCommand {
  if (!/^g?sed$/.test(name)) return command;
  const paths = new Set(flagValues(command.words, ["-f", "--file"]));
  if (paths.size === 0) return command;
  const expressions = [...paths].flatMap((path) => linesOf(path)).flatMap((line) => ["-e", line]);
  return { ...command, words: [...command.words.filter((word) => !paths.has(word)), ...expressions] };
}

function inAction(action: PlacedAction, files: FileTree): Renderer[] {
  const { uses } = action;
  const at = { line: action.line, column: 1 };
  const base = {
    file: action.file,
    at,
    place: action.path,
    fromProcess: false,
    command: null,
    script: null,
    only: null,
  };
  if (/replace-?tokens|find-and-replace|token-?replace/i.test(uses)) {
    const globs = listed(
      action.with.sources ?? action.with.files ?? action.with.targetFiles ?? action.with.include ?? "",
    );
    const prefix = action.with["token-prefix"] ?? action.with.tokenPrefix ?? "#{";
    const suffix = action.with["token-suffix"] ?? action.with.tokenSuffix ?? "}#";
    const pattern = action.with["token-pattern"] ?? action.with.tokenPattern ?? "";
    const find = action.with.find ?? "";
    const doubled = /double|__/.test(pattern);
    return [
      {
        ...base,
        tool: uses.split("@")[0] ?? uses,
        // qetza's takes JSON in `variables`; this one reads the environment.
        fromProcess: /^cschleiden\/replace-tokens@/i.test(uses),
        names: [find || (pattern !== "" ? pattern : `${prefix}…${suffix}`)],
        replaces: (hit) =>
          find !== ""
            ? hit.text.includes(find) || find.includes(hit.text)
            : hit.shape === "double-underscore" && (doubled || prefix === "__")
              ? true
              : hit.text.startsWith(prefix) ||
                (hit.shape === "hash-brace" && pattern === "" && prefix === "#{") ||
                /mustache|braces/.test(pattern),
        inputs: new Set(files.matching(globs).map((entry) => entry.path)),
        anyInput: globs.length === 0 || globs.some((glob) => /[$]/.test(glob)),
      },
    ];
  }
  if (/variable-substitution|FileTransform|json-edit|yaml-(?:update|edit)/i.test(uses)) {
    const globs = listed(action.with.files ?? action.with.targetFiles ?? action.with.file ?? "");
    return [
      {
        ...base,
        tool: uses.split("@")[0] ?? uses,
        names: ["settings by key"],
        replaces: () => true,
        inputs: new Set(files.matching(globs).map((entry) => entry.path)),
        anyInput: false,
      },
    ];
  }
  return [];
}

function listed(text: string): string[] {
  return text
    .split(/[\n,;]/)
    .map((glob) =>
      glob
        .trim()
        .replace(/^\[?["']?|["']?\]?$/g, "")
        .replace(/^\.\/|^\$\([^)]*\)\//, ""),
    )
    .filter((glob) => glob !== "");
}
