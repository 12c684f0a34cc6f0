import { baseName, directoryOf } from "../../../text/paths.ts";
import type { ModelInput } from "../../../types/model.ts";
import type { PlaceholderHit } from "../../../types/placeholders.ts";
import type { RepoPath } from "../../../types/text.ts";
import { entriesOf, valueAt } from "../../data.ts";
import { resolvePaths } from "../deploy-paths.ts";
import { type DeploysByPath, isGeneratorEnv } from "../deploys.ts";
import type { Candidate } from "../findings.ts";
import type { Inspected } from "../inspect.ts";
import { findProvided, namesAround, type Provided, processNames } from "../inventory.ts";
import { isText, keyOf, pathText } from "../keys.ts";
import { unsetContainerVariables } from "../kubernetes-variables.ts";
import { type PlacedScript, programOf } from "../script-files.ts";
import { unsetPipelineVariables } from "./azure.ts";
import { unsetHelmValues } from "./helm.ts";
import { unsetTerraformVariables } from "./terraform.ts";
import { unsetWorkflowVariables } from "./workflow-environment.ts";

/** References whose consumer expands them and which nothing gives a value. */
export function unresolvedReferences(
  files: readonly Inspected[],
  input: ModelInput<"config">,
  scripts: readonly PlacedScript[],
  deploys: DeploysByPath,
): Candidate[] {
  let provided: Provided | null = null;
  const known = () => {
    provided ??= findProvided(input, scripts);
    return provided;
  };
  const inFiles = files.flatMap((file) => {
    if (file.role !== "deployed" || file.named !== null || file.stage === "development") return [];
    const references = file.facts.hits.filter((hit) => hit.name !== null);
    if (references.length === 0) return [];
    switch (file.format) {
      case "compose":
        return compose(file, references, input, known());
      case "dotenv":
        // What nothing expands needs no value, see `reference`.
        if (isGeneratorEnv(file.path, deploys)) return [];
        return dotenv(file, references, input, known(), deploys);
      case "spring":
      case "observability":
        return fromProcess(file, references, input, known());
      case "cloud-build":
        return cloudBuild(file, references, input, scripts);
      case "kubernetes":
        return references.some((hit) => hit.shape === "dollar-paren" && !hit.multiline && /^[A-Z]/.test(hit.name ?? ""))
          ? unsetContainerVariables(file, input)
          : [];
      default:
        return [];
    }
  });
  return [
    ...inFiles,
    ...unsetTerraformVariables(input, scripts, known),
    ...unsetHelmValues(input, scripts),
    ...unsetWorkflowVariables(input, known),
    ...unsetPipelineVariables(input),
  ];
}

function candidate(
  file: Inspected,
  hit: PlaceholderHit,
  more: Pick<Candidate, "severity" | "because" | "mend">,
): Candidate {
  return {
    line: hit.at.start.line,
    rule: "unresolved-reference",
    at: { path: file.path, ...hit.at },
    subject: hit.name ?? hit.text,
    key: pathText(hit),
    tokens: [hit.text],
    remarks: [],
    related: [],
    ...more,
  };
}

/** The first reference of each name. */
function* firsts(hits: readonly PlaceholderHit[]): Generator<PlaceholderHit & { name: string }> {
  const seen = new Set<string>();
  for (const hit of hits) {
    if (hit.name === null || seen.has(hit.name)) continue;
    seen.add(hit.name);
    yield hit as PlaceholderHit & { name: string };
  }
}

const variable = /^[A-Za-z_]\w*$/;

function compose(
  file: Inspected,
  hits: readonly PlaceholderHit[],
  input: ModelInput<"config">,
  provided: Provided,
): Candidate[] {
  const beside = namesOf(input, `${directoryOf(file.path)}/.env`.replace(/^\//, ""));
  const found: Candidate[] = [];
  for (const hit of firsts(hits.filter((one) => one.shape === "dollar-brace" || one.shape === "dollar"))) {
    if (!variable.test(hit.name) || processNames.test(hit.name) || beside.has(hit.name)) continue;
    if (hit.shape === "dollar" && !/^[A-Z][A-Z0-9_]+$/.test(hit.name)) continue;
    if (hit.fallback && !hit.fallback.operator.includes("?")) continue;
    const required = hit.fallback !== null;
    if (provided.inventory.has(hit.name) || provided.anywhere.has(hit.name)) continue;
    if (required && !provided.complete) continue;
    found.push(
      candidate(file, hit, {
        severity: provided.complete ? "error" : "note",
        because: `${provided.complete ? "the complete inventory does not name it" : "no .env beside the file and no step of this repository sets it"}, so compose ${required ? "refuses to start" : "puts in an empty text"}`,
        mend: `Write \`\${${hit.name}:?set ${hit.name}}\` and set it where compose runs.`,
      }),
    );
  }
  return found;
}

function dotenv(
  file: Inspected,
  hits: readonly PlaceholderHit[],
  input: ModelInput<"config">,
  provided: Provided,
  deploys: DeploysByPath,
): Candidate[] {
  const own = new Set(file.facts.names);
  let around: ReadonlySet<string> | null = null;
  let before: ReturnType<typeof readBefore> | null = null;
  const found: Candidate[] = [];
  for (const hit of firsts(
    hits.filter((one) => one.shape === "dollar-brace" && one.evaluated && one.fallback === null),
  )) {
    if (!variable.test(hit.name) || processNames.test(hit.name)) continue;
    if (provided.inventory.has(hit.name) || provided.anywhere.has(hit.name)) continue;
    const self = keyOf(hit) === hit.name;
    if (own.has(hit.name) && !self) continue;
    around ??= namesAround(file.path, input);
    before ??= readBefore(file.path, input, deploys);
    if (around.has(hit.name) || before.names.has(hit.name)) continue;
    found.push(
      candidate(file, hit, {
        // The process that reads the file may hold the name itself, and so may a file that lies only where it is read.
        severity: self || before.open ? "note" : "warning",
        because: `${self ? "it refers to itself" : "neither this file"}${self ? " and" : " nor"} ${self ? "no step of this repository sets it" : "a step of this repository sets it"}`,
        mend: `Set ${hit.name} in this file, or in the process that reads it.`,
      }),
    );
  }
  return found;
}

/**
 * What compose knows when it comes to an env file of a service: the names of the files before it in the list. `open` where one of those
 * is not in the repository.
 */
function readBefore(
  path: RepoPath,
  { files, facts }: ModelInput<"config">,
  deploys: DeploysByPath,
): { names: ReadonlySet<string>; open: boolean } {
  const names = new Set<string>();
  let open = false;
  for (const from of new Set((deploys.get(path) ?? []).map((deploy) => deploy.file))) {
    for (const { envFiles } of facts.get("compose", from)?.services ?? []) {
      const paths = envFiles.map(({ text }) => resolvePaths(text, [directoryOf(from)], files).paths);
      const at = paths.findIndex((list) => list.includes(path));
      for (const list of paths.slice(0, Math.max(0, at))) {
        open ||= list.length === 0;
        for (const one of list) for (const entry of facts.get("dotenv", one)?.entries ?? []) names.add(entry.name);
      }
    }
  }
  return { names, open };
}

/** Spring and collectors read the process environment: a name without a default must be there. */
function fromProcess(
  file: Inspected,
  hits: readonly PlaceholderHit[],
  input: ModelInput<"config">,
  provided: Provided,
): Candidate[] {
  const found: Candidate[] = [];
  const own = input.facts.get("lines", file.path)?.lines ?? [];
  for (const hit of firsts(hits.filter((one) => one.shape === "dollar-brace" && one.fallback === null))) {
    const name = hit.name.replace(/^env[:.]/, "");
    if (!/^[A-Z][A-Z0-9_]+$/.test(name) || processNames.test(name) || isText(keyOf(hit))) continue;
    if (provided.inventory.has(name) || provided.anywhere.has(name)) continue;
    // A property of the file itself, or a variable that a manifest gives to the process.
    if (own.some((line) => new RegExp(`^\\s*["']?${name}["']?\\s*[:=]`).test(line)) || provided.manifests().has(name))
      continue;
    found.push(
      candidate(
        file,
        { ...hit, name },
        {
          severity: provided.complete ? "error" : "note",
          because: provided.complete
            ? "the complete inventory does not name it"
            : "nothing in this repository says who sets it",
          mend: `Set ${name} for the process, or give it a default.`,
        },
      ),
    );
  }
  return found;
}

const builtIn =
  /^(?:PROJECT_ID|PROJECT_NUMBER|LOCATION|BUILD_ID|COMMIT_SHA|SHORT_SHA|REVISION_ID|REPO_NAME|REPO_FULL_NAME|BRANCH_NAME|TAG_NAME|REF_NAME|TRIGGER_NAME|TRIGGER_BUILD_CONFIG_PATH|SERVICE_ACCOUNT|SERVICE_ACCOUNT_EMAIL|_HEAD_BRANCH|_BASE_BRANCH|_HEAD_REPO_URL|_PR_NUMBER)$/;

function cloudBuild(
  file: Inspected,
  hits: readonly PlaceholderHit[],
  input: ModelInput<"config">,
  scripts: readonly PlacedScript[],
): Candidate[] {
  const root = input.facts.get("data", file.path)?.documents[0]?.root ?? null;
  const own = new Set(entriesOf(valueAt(root, "substitutions")).map((entry) => entry.key.text));
  const option = valueAt(root, "options", "substitutionOption");
  const strict = option?.kind === "scalar" && option.text === "MUST_MATCH";
  const comments = (input.facts.get("lines", file.path)?.lines ?? []).filter((line) => /^\s*#/.test(line));
  const found: Candidate[] = [];
  // A function of the script may be given the whole command as one word.
  const given = scripts
    .flatMap((script) => script.commands)
    .flatMap((command) =>
      programOf(command) === "gcloud"
        ? command.words
        : command.words.filter((word) => /\bgcloud\s+builds\b/.test(word)),
    )
    .join(",");
  let triggers: ReturnType<typeof triggersOf> | null = null;
  for (const hit of firsts(hits.filter((one) => one.shape === "dollar-brace" || one.shape === "dollar"))) {
    if (!/^[A-Z_][A-Z0-9_]*$/.test(hit.name) || builtIn.test(hit.name) || own.has(hit.name)) continue;
    if (hit.path.includes("script") || hit.path.includes("substitutions")) continue;
    if (new RegExp(`(?:^|[,=\\s"'])${hit.name}=`).test(given)) continue;
    const user = hit.name.startsWith("_");
    triggers ??= triggersOf(file.path, input);
    if (user && (triggers.open || triggers.lines.some((line) => line.includes(hit.name)))) continue;
    // The file says in a comment how it is started.
    if (user && comments.some((line) => line.includes(`${hit.name}=`))) continue;
    found.push(
      candidate(file, hit, {
        severity: user && !strict ? "warning" : "error",
        because: user
          ? `neither \`substitutions\` nor a found trigger names it, so Cloud Build ${strict ? "refuses the build" : "puts in an empty text in builds of a trigger that does not set it either"}`
          : "Cloud Build has no such substitution and refuses the build",
        mend: user
          ? `Add ${hit.name} to \`substitutions\`.`
          : `Write \`$$${hit.name}\` for a variable of the shell, or name it \`_${hit.name}\`.`,
      }),
    );
  }
  return found;
}

/** Lines of Terraform that may name a substitution; `open` where a module of elsewhere makes the trigger of this build file. */
function triggersOf(path: RepoPath, { files, facts }: ModelInput<"config">): { lines: string[]; open: boolean } {
  const name = baseName(path);
  const lines: string[] = [];
  let open = false;
  for (const entry of files.entries) {
    if (entry.ignored || !entry.path.endsWith(".tf")) continue;
    const own = facts.get("lines", entry.path)?.lines ?? [];
    open ||=
      own.some((line) => line.includes(name) && !/^\s*(?:#|\/\/)/.test(line)) &&
      !own.some((line) => line.includes("google_cloudbuild_trigger"));
    for (const line of own) if (line.includes("_")) lines.push(line);
  }
  return { lines, open };
}

function namesOf(input: ModelInput<"config">, path: RepoPath): ReadonlySet<string> {
  return new Set(input.files.has(path) ? input.facts.get("dotenv", path)?.entries.map((entry) => entry.name) : []);
}
