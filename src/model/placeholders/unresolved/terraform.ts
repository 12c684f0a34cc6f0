import { positionAt } from "../../../text/positions.ts";
import type { HclBlock, HclFile } from "../../../types/hcl.ts";
import type { ModelInput } from "../../../types/model.ts";
import type { RepoPath } from "../../../types/text.ts";
import { entriesOf } from "../../data.ts";
import { isShellScript } from "../../path-class.ts";
import { resolvePaths } from "../deploy-paths.ts";
import type { Candidate } from "../findings.ts";
import type { Provided } from "../inventory.ts";
import { type PlacedScript, programOf } from "../script-files.ts";
import { directoriesOf } from "./working-directory.ts";

/** A directory that a command of the repository applies. */
interface Applied {
  directory: RepoPath;
  place: string;
  /** Nobody sits at the terminal to be asked for the value. */
  unattended: boolean;
  given: Set<string>;
  /** Values come from somewhere that is not in the tree. */
  open: boolean;
}

/**
 * Variables of root modules that have no default and that no values file, `-var` or `TF_VAR_x` sets. Only directories that a found command
 * applies count: a module's variables are set by its caller, and of other roots nobody knows how they are applied.
 * https://developer.hashicorp.com/terraform/language/values/variables#assigning-values-to-root-module-variables
 */
export function unsetTerraformVariables(
  input: ModelInput<"config">,
  scripts: readonly PlacedScript[],
  provided: () => Provided,
): Candidate[] {
  const found: Candidate[] = [];
  for (const applied of appliedRoots(input, scripts).values()) {
    const { directory, open, given, place, unattended } = applied;
    if (open) continue;
    const modules = input.files
      .children(directory)
      .map((name) => (directory === "" ? name : `${directory}/${name}`))
      .filter((path) => /\.tf$/.test(path) && input.files.has(path))
      .flatMap((path) => {
        const hcl = input.facts.get("hcl", path);
        return hcl ? [{ path, hcl }] : [];
      });
    // A file that does not parse may set anything.
    if (modules.length === 0 || modules.some(({ hcl }) => hcl.errors.length > 0 || isRemote(hcl))) continue;
    for (const { path, hcl } of modules)
      for (const block of hcl.blocks) {
        const label = block.type === "variable" ? block.labels[0] : undefined;
        if (!label || block.attributes.some((one) => one.name === "default") || given.has(label.text)) continue;
        const known = provided();
        const variable = `TF_VAR_${label.text}`;
        if (known.anywhere.has(variable) || known.inventory.has(variable)) continue;
        found.push(candidateOf(path, hcl, block, label, { place, unattended }));
      }
  }
  return found;
}

function candidateOf(
  path: RepoPath,
  hcl: HclFile,
  block: HclBlock,
  label: HclBlock["labels"][number],
  { place, unattended }: Pick<Applied, "place" | "unattended">,
): Candidate {
  const start = positionAt(hcl.lineStarts, block.start);
  return {
    line: start.line,
    rule: "unresolved-reference",
    severity: unattended ? "error" : "note",
    at: { path, start, end: positionAt(hcl.lineStarts, label.end) },
    subject: label.text,
    key: null,
    tokens: [`var.${label.text}`],
    because: `it has no default, and neither a values file that is read nor a step sets it, so the command at ${place} ${unattended ? 'ends with "No value for required variable"' : "asks for it"}`,
    remarks: [],
    mend: `Set ${label.text} in the values file of the environment, or pass TF_VAR_${label.text} in the step.`,
    related: [],
  };
}

function isRemote(hcl: HclFile): boolean {
  return hcl.blocks.some(
    (block) =>
      block.type === "terraform" &&
      block.blocks.some((one) => one.type === "cloud" || (one.type === "backend" && one.labels[0]?.text === "remote")),
  );
}

function appliedRoots(input: ModelInput<"config">, scripts: readonly PlacedScript[]): Map<RepoPath, Applied> {
  const roots = new Map<RepoPath, Applied>();
  for (const script of scripts) {
    for (const [index, command] of script.commands.entries()) {
      const verb = command.words.slice(1).find((word) => !word.startsWith("-")) ?? "";
      if (!/^(?:terraform|tofu)$/.test(programOf(command)) || !/^(?:plan|apply)$/.test(verb)) continue;
      for (const directory of directoriesOf(script, index, input)) {
        if (!input.files.children(directory).some((name) => name.endsWith(".tf"))) continue;
        const known = roots.get(directory);
        const applied: Applied = known ?? {
          directory,
          place: `${script.file}:${command.line}`,
          unattended: false,
          given: automatic(directory, input),
          open: false,
        };
        roots.set(directory, applied);
        const words = command.words;
        applied.unattended ||=
          !isShellScript(script.file) && !/(?:^|\/)(?:Makefile|[Jj]ustfile|package\.json|Taskfile)/.test(script.file)
            ? true
            : words.some((word) => /^--?(?:input=false|auto-approve)$/.test(word));
        readArguments(words, applied, input);
        readSurroundings(script, applied, input);
        break;
      }
    }
  }
  return roots;
}

/** `-var x=1` and `-var-file x.tfvars` of a command. */
function readArguments(words: readonly string[], applied: Applied, input: ModelInput<"config">): void {
  for (const [index, word] of words.entries()) {
    const value = /^--?var(?:=|$)/.test(word) ? (word.split(/=(.*)/s)[1] ?? words[index + 1] ?? "") : null;
    if (value !== null) applied.given.add(value.replace(/^["']/, "").split("=")[0] ?? "");
    const file = /^--?var-file(?:=|$)/.test(word) ? (word.split(/=(.*)/s)[1] ?? words[index + 1] ?? "") : null;
    if (file !== null) {
      const { paths, unknown } = resolvePaths(file, [applied.directory, ""], input.files);
      if (unknown || paths.length !== 1) applied.open = true;
      else for (const name of namesIn(paths[0]!, input)) applied.given.add(name);
    }
    // A saved plan holds its values; arguments in a variable may be anything.
    if (/^\$|\.tfplan$|^tfplan$|^plan\.out$/.test(word)) applied.open = true;
  }
}

/** What the file around the command says: `TF_VAR_x` in any form, values files that are written before. */
function readSurroundings(script: PlacedScript, applied: Applied, input: ModelInput<"config">): void {
  for (const line of input.facts.get("lines", script.file)?.lines ?? []) {
    if (/^\s*(?:#|\/\/)/.test(line)) continue;
    for (const match of line.matchAll(/TF_VAR_(\w+)/g)) applied.given.add(match[1] ?? "");
    if (
      /TF_VAR_["'$`{]|TF_CLI_ARGS|toJSON\(\s*secrets|\bdoppler\b|\bsops\b|\bop run\b|vault-action|-var-file.*\$/i.test(
        line,
      )
    )
      applied.open = true;
    if (/(?:>|\btee\b|\bcp\b|\bmv\b|\becho\b|\bcat\b|\bcurl\b|download).*tfvars|tfvars.*(?:>|<<)/.test(line))
      applied.open = true;
  }
}

/** Names that the values files set which Terraform reads by itself. */
function automatic(directory: RepoPath, input: ModelInput<"config">): Set<string> {
  const names = new Set<string>();
  for (const name of input.files.children(directory))
    if (/^terraform\.tfvars(?:\.json)?$|\.auto\.tfvars(?:\.json)?$/.test(name))
      for (const one of namesIn(directory === "" ? name : `${directory}/${name}`, input)) names.add(one);
  return names;
}

function namesIn(path: RepoPath, input: ModelInput<"config">): string[] {
  if (/\.json$/.test(path))
    return entriesOf(input.facts.get("data", path)?.documents[0]?.root).map((entry) => entry.key.text);
  return input.facts.get("hcl", path)?.attributes.map((one) => one.name) ?? [];
}
