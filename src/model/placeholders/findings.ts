import { directoryOf } from "../../text/paths.ts";
import type { ModelInput } from "../../types/model.ts";
import type { PlaceholderDocument, PlaceholderFinding, PlaceholderHit } from "../../types/placeholders.ts";
import type { RepoPath } from "../../types/text.ts";
import { chartUsesTpl } from "./chart-guards.ts";
import { coverageOf, type Pipeline } from "./coverage.ts";
import { isGeneratorEnv } from "./deploys.ts";
import { atMost, grade, worse } from "./grade.ts";
import type { Inspected } from "./inspect.ts";
import { judge } from "./judge.ts";
import type { Judged } from "./judged.ts";
import { isSecretKey, pathText } from "./keys.ts";
import { mendOf } from "./mend.ts";
import { type Stage, stageOf } from "./role.ts";

type Input = Pick<ModelInput<never>, "files" | "facts">;

export interface Surroundings {
  input: Input;
  pipeline: Pipeline;
  fluxes: readonly NonNullable<PlaceholderDocument["renders"]>[];
  kustomizeVars: ReadonlySet<string>;
  azurePipeline: RepoPath | null;
  /** `placeholders.allow` of the config. */
  isAllowed(path: RepoPath, token: string): boolean;
}

/** Into these azd puts its environment where the provider is Terraform, as it does into ARM parameters. */
const AZD_INPUTS = /(?:^|\/)(?:main\.tfvars|provider\.conf)\.json$/;

/** A finding before the lines are joined. */
export interface Candidate extends PlaceholderFinding {
  line: number;
}

/** Every candidate of a file; the worst of each line is reported. */
export function candidatesOf(file: Inspected, around: Surroundings): Candidate[] {
  const usesTpl = file.format === "helm-values" ? chartUsesTpl(file, around.input) : null;
  const filtered =
    file.format === "arm-parameters" || AZD_INPUTS.test(file.path)
      ? isBelow(file.path, /^azure\.ya?ml$/, around.input)
      : file.format === "spring" && file.facts.hits.some((hit) => hit.shape === "at")
        ? isFiltered(file, around.input)
        : null;
  const found: Candidate[] = [];
  const generated = file.format === "dotenv" && isGeneratorEnv(file.path, around.pipeline.deploys);
  const inImage = file.format === "dockerfile" ? finalSettings(file.path, around.input) : null;
  for (const hit of file.facts.hits) {
    if (inImage && !inImage(hit.at.start.line)) continue;
    if (around.isAllowed(file.path, hit.text) || isOwnNetwork(hit, file)) continue;
    const judged = judge(hit, {
      path: file.path,
      format: file.format,
      documents: file.facts.documents,
      usesTpl,
      filtered,
      kustomizeVars: around.kustomizeVars,
      generated,
      azurePipeline: around.azurePipeline,
    });
    if (!judged) continue;
    const candidate = candidateOf(file, hit, judged, around);
    if (candidate) found.push(candidate);
  }
  return found;
}

/** An address of the documentation in a network that a compose file makes of them: nobody else is meant. */
function isOwnNetwork(hit: PlaceholderHit, file: Inspected): boolean {
  const network = file.format === "compose" ? /^(?:\d+\.){3}(?=\d+$)/.exec(hit.text)?.[0] : undefined;
  return (
    network !== undefined && file.facts.hits.some(({ text, path }) => path.includes("ipam") && text.startsWith(network))
  );
}

function candidateOf(file: Inspected, hit: PlaceholderHit, judged: Judged, around: Surroundings): Candidate | null {
  const { role, because } = roleFor(file, hit, judged);
  const stage = stageFor(file, hit);
  const ungraded = grade(judged.confidence, role, stage, false);
  if (ungraded === null) return null;
  const document = file.facts.documents[hit.document];
  const base = {
    line: hit.at.start.line,
    rule: judged.rule as string,
    at: { path: file.path, ...hit.at },
    subject: subjectOf(hit, judged),
    key: pathText(hit),
    tokens: [hit.text],
    because,
    remarks: file.facts.unparsed
      ? [`The file ${file.facts.unparsed.replace(/^larger/, "is larger")}, so this is less sure.`]
      : [],
    mend: mendOf(judged, file.format, hit, document?.kind ?? null, role === "default"),
    related: [],
  };
  const flux = file.format === "kubernetes" && hit.shape === "dollar-brace" ? fluxFor(file, document, around) : null;
  if (flux) return unsubstituted(hit, flux, base);
  // Components are rendered by whichever Kustomization includes them.
  const applied = file.format === "kubernetes" || file.format === "dotenv";
  if (applied && hit.shape === "dollar-brace" && around.fluxes.length > 0) return null;
  if (file.facts.names.some((name) => name.startsWith("sed ") && name.includes(hit.text))) return null;
  const coverage = coverageOf(hit, judged, file, around.pipeline, ungraded !== "note");
  if (coverage.kind === "rendered") return null;
  const guarded =
    /^(?:guarded|documented|overridden|open|read|written)$/.test(coverage.kind) ||
    hit.off ||
    isValidated(file, hit) ||
    isLeftAlone(file, hit);
  const plain = grade(judged.confidence, role, stage, guarded);
  if (plain === null) return null;
  let severity = judged.cap ? atMost(plain, judged.cap) : plain;
  if (judged.rule === "weak-default") severity = stage === "production" && role === "deployed" ? "warning" : "note";
  if (file.facts.unparsed !== null) severity = atMost(severity, "warning");
  switch (coverage.kind) {
    case "guarded":
      return { ...base, severity, remarks: [...base.remarks, `Guarded at ${coverage.by.file}:${coverage.by.line}.`] };
    case "documented":
      return {
        ...base,
        severity,
        remarks: [...base.remarks, `${coverage.by.file}:${coverage.by.line} says to render it with envsubst by hand.`],
      };
    case "read":
      return {
        ...base,
        severity,
        remarks: [...base.remarks, `${coverage.by.file}:${coverage.by.line} reads the file, and may set the value.`],
      };
    case "overridden":
      return {
        ...base,
        severity,
        remarks: [...base.remarks, `${coverage.by.file}:${coverage.by.line} sets a variable that goes over it.`],
      };
    case "open":
      return {
        ...base,
        severity,
        remarks: [
          ...base.remarks,
          `${coverage.by.file}:${coverage.by.line} lets a variable of the process go over it.`,
        ],
      };
    case "written":
      return {
        ...base,
        severity,
        remarks: [...base.remarks, `${coverage.by.file}:${coverage.by.line} writes the file anew.`],
      };
    case "missed": {
      const { by } = coverage;
      const names = by.names.slice(0, 3).map((name) => `\`${name.slice(0, 60)}\``);
      return {
        ...base,
        rule: "renderer-misses-token",
        severity,
        remarks: [
          ...base.remarks,
          `Line ${by.at.line} of ${by.file} replaces ${names.join(", ")} but not \`${hit.text}\`.`,
        ],
        mend: `Add the token to the ${by.tool} at ${by.file}:${by.at.line}.`,
        related: [{ path: by.file, start: by.at, end: by.at, message: `${by.tool} renders the file here` }],
      };
    }
    default:
      return {
        ...base,
        severity,
        remarks: [
          ...base.remarks,
          ...(isValidated(file, hit) ? ["A validation names this text and refuses it."] : []),
          ...(isLeftAlone(file, hit) ? ["`ignore_changes` leaves it to whoever sets it outside of Terraform."] : []),
          ...(hit.off ? ["What it belongs to is switched off here (`enabled: false`)."] : []),
        ],
      };
  }
}

function unsubstituted(
  hit: PlaceholderHit,
  flux: NonNullable<PlaceholderDocument["renders"]>,
  base: Omit<Candidate, "severity">,
): Candidate | null {
  if (hit.name === null || flux.more || flux.names.includes(hit.name) || hit.fallback) return null;
  return {
    ...base,
    rule: "unresolved-reference",
    severity: "warning",
    subject: hit.name,
    because:
      "Flux substitutes it by an empty text, since neither `substitute` nor `substituteFrom` of its Kustomization names it",
    mend: `Add ${hit.name} to \`postBuild.substitute\`, or write \`\${${hit.name}:=default}\`.`,
  };
}

function fluxFor(file: Inspected, document: PlaceholderDocument | undefined, around: Surroundings) {
  if (document?.marks.some((mark) => mark.includes("fluxcd"))) return null;
  const covering = around.fluxes.filter((flux) => flux.path === "" || file.path.startsWith(`${flux.path}/`));
  if (covering.length === 0 || document?.kind === "Kustomization") return null;
  // Several Kustomizations may apply the same folder: what one of them gives is enough.
  return {
    path: covering[0]!.path,
    names: covering.flatMap((flux) => flux.names),
    more: covering.some((flux) => flux.more),
  };
}

/** Settings files of unknown purpose that hold secrets are read by somebody. */
function roleFor(file: Inspected, hit: PlaceholderHit, judged: Judged): Pick<Inspected, "role" | "because"> {
  if (file.role !== "unknown") return file;
  const settings = !hit.multiline && !inProgram.test(file.path) && !/\.json$/.test(file.path);
  if (settings && judged.confidence === "high" && judged.rule === "leftover" && isSecretKey(hit))
    return { role: "deployed", because: "it holds secrets, so a program reads it as it is" };
  return file;
}

/** Of settings that are parted by environment, as Rails' are, the parts for developers and tests run nowhere else. */
function stageFor(file: Inspected, hit: PlaceholderHit): Stage {
  const [part] = hit.path;
  if (file.format !== "config" || typeof part !== "string" || stageOf(part) !== "development") return file.stage;
  const others = file.facts.documents[hit.document]?.keys.filter((key) => key !== part && ENVIRONMENT.test(key)) ?? [];
  return others.length > 0 ? "development" : file.stage;
}

const ENVIRONMENT = /^(?:production|prod|staging|development|dev|test|testing)$/;

const inProgram =
  /(?:^|\/)(?:src|lib|pkg|internal|packages|public|static|assets|data|resources|web|client|frontend)\//i;

function subjectOf(hit: PlaceholderHit, judged: Judged): string {
  if (judged.rule === "encoded-placeholder") return String(hit.path.at(-1) ?? hit.text);
  if (judged.rule === "weak-default") return hit.name ?? hit.text;
  return hit.text;
}

/** A Terraform validation of the variable, or a precondition, that names the text refuses it before anything is created. */
function isValidated(file: Inspected, hit: PlaceholderHit): boolean {
  if (file.format !== "terraform" || hit.path[0] !== "variable") return false;
  return file.facts.names.some((name) => {
    const of = [`${hit.path[1]} `, "* "].find((one) => name.startsWith(one));
    if (of === undefined) return false;
    // `regex("^your-", var.x)`, `startswith(var.x, "REPLACE")`: the part of it that is refused.
    const part = name.slice(of.length).replace(/^\^|\$$/g, "");
    return name.includes(hit.text) || (part.length >= 4 && hit.text.includes(part));
  });
}

/** `lifecycle { ignore_changes = [secret_string] }`: the text is what the resource is made with, and is set by other means later. */
function isLeftAlone(file: Inspected, hit: PlaceholderHit): boolean {
  if (file.format !== "terraform") return false;
  if (hit.path[0] === "locals") {
    const value = `ignored local ${hit.path[1]}`;
    return file.facts.names.includes(`${value} *`) || file.facts.names.includes(`${value} ${hit.path.at(-1)}`);
  }
  if (hit.path[0] !== "resource") return false;
  const resource = `ignored ${hit.path.slice(0, 3).join(".")}`;
  return file.facts.names.includes(`${resource} all`) || file.facts.names.includes(`${resource} ${hit.path[3]}`);
}

/** One finding a line: the worst, with every token of the line. */
export function oneALine(candidates: readonly Candidate[]): PlaceholderFinding[] {
  const lines = new Map<string, Candidate[]>();
  for (const candidate of candidates) {
    const key = `${candidate.at.path}\0${candidate.line}`;
    const line = lines.get(key);
    if (line) line.push(candidate);
    else lines.set(key, [candidate]);
  }
  return [...lines.values()].map((line) => {
    const sorted = [...line].sort((a, b) => (a.severity === b.severity ? 0 : worse(a.severity, b.severity) ? -1 : 1));
    const { line: _line, ...first } = sorted[0]!;
    return { ...first, tokens: [...new Set(sorted.flatMap((one) => one.tokens))] };
  });
}

/** Which lines of a Dockerfile hold an ENV of the last stage or of a stage that it is made from. */
function finalSettings(path: RepoPath, { facts }: Input): (line: number) => boolean {
  const instructions = facts.get("dockerfile", path)?.instructions ?? [];
  const stages = new Map<string, number>();
  const stageOf: number[] = [];
  const bases: string[] = [];
  for (const { keyword, words } of instructions) {
    if (keyword === "FROM") {
      bases.push((words[0]?.text ?? "").toLowerCase());
      if (/^as$/i.test(words[1]?.text ?? "")) stages.set((words[2]?.text ?? "").toLowerCase(), bases.length - 1);
    }
    stageOf.push(bases.length - 1);
  }
  const made = new Set<number>();
  for (let stage: number | undefined = bases.length - 1; stage !== undefined && !made.has(stage); ) {
    made.add(stage);
    stage = stages.get(bases[stage] ?? "");
  }
  return (line) =>
    instructions.some(
      ({ keyword, range }, index) =>
        keyword === "ENV" && made.has(stageOf[index] ?? -1) && range.start.line <= line && line <= range.end.line,
    );
}

/** Whether a file of that name lies beside the path or above. */
function isBelow(path: RepoPath, name: RegExp, { files }: Input): boolean {
  for (let directory = directoryOf(path); ; directory = directoryOf(directory)) {
    if (files.children(directory).some((one) => name.test(one))) return true;
    if (directory === "") return false;
  }
}

/** Whether a build file above a Spring resource filters it (Maven's `filtering`, the parent of Spring Boot, Gradle's `expand`); null without any. */
function isFiltered(file: Inspected, input: Input): boolean | null {
  let known: boolean | null = null;
  for (let directory = directoryOf(file.path); ; directory = directoryOf(directory)) {
    for (const name of ["pom.xml", "build.gradle", "build.gradle.kts"]) {
      const path = directory === "" ? name : `${directory}/${name}`;
      if (!input.files.has(path)) continue;
      const lines = input.facts.get("lines", path)?.lines;
      // A parent that is not in the tree may filter: only a build that is seen whole can be said not to.
      if (!lines || lines.some((line) => /filter|expand|ReplaceTokens|<parent>/i.test(line))) return true;
      known = false;
    }
    if (directory === "") return known;
  }
}
