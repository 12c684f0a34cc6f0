import type { ModelInput } from "../../types/model.ts";
import type { PlaceholderFinding, PlaceholderHit } from "../../types/placeholders.ts";
import { atMost, grade, worse } from "./grade.ts";
import type { Inspected } from "./inspect.ts";
import { type Judged, judge } from "./judge.ts";
import { isSecretKey, pathText } from "./keys.ts";
import { mendOf } from "./mend.ts";

type Input = Pick<ModelInput<never>, "files" | "facts" | "config">;

/** The findings of the files, one a line. */
export function buildFindings(files: readonly Inspected[], input: Input): PlaceholderFinding[] {
  return files.flatMap((file) => findingsOf(file, input));
}

interface Candidate extends PlaceholderFinding {
  line: number;
}

function findingsOf(file: Inspected, input: Input): PlaceholderFinding[] {
  const byLine = new Map<number, Candidate[]>();
  const usesTpl = file.format === "helm-values" ? chartUsesTpl(file, input) : null;
  for (const hit of file.facts.hits) {
    const judged = judge(hit, { path: file.path, format: file.format, documents: file.facts.documents, usesTpl });
    if (!judged) continue;
    const candidate = candidateOf(file, hit, judged);
    if (!candidate) continue;
    const line = byLine.get(candidate.line);
    if (line) line.push(candidate);
    else byLine.set(candidate.line, [candidate]);
  }
  return [...byLine.values()].map(joined);
}

function candidateOf(file: Inspected, hit: PlaceholderHit, judged: Judged): Candidate | null {
  const guarded = isGuarded(file, hit);
  const { role, because } = roleFor(file, hit, judged);
  const plain = grade(judged.confidence, role, file.stage, guarded);
  if (plain === null) return null;
  let severity = judged.cap ? atMost(plain, judged.cap) : plain;
  if (judged.rule === "weak-default")
    severity = file.stage === "production" && role === "deployed" ? "warning" : "note";
  if (file.facts.unparsed !== null) severity = atMost(severity, "warning");
  const document = file.facts.documents[hit.document];
  return {
    line: hit.at.start.line,
    rule: judged.rule,
    severity,
    at: { path: file.path, ...hit.at },
    subject: subjectOf(hit, judged),
    key: pathText(hit),
    tokens: [hit.text],
    because,
    remarks: [
      ...(guarded ? ["A validation names this text and refuses it."] : []),
      ...(file.facts.unparsed ? [`The file ${file.facts.unparsed}, so this is less sure.`] : []),
    ],
    mend: mendOf(judged, file.format, hit, document?.kind ?? null, role === "default"),
    related: [],
  };
}

/** Settings files of unknown purpose that hold secrets are read by somebody. */
function roleFor(file: Inspected, hit: PlaceholderHit, judged: Judged): Pick<Inspected, "role" | "because"> {
  if (file.role !== "unknown") return file;
  if (judged.confidence === "high" && judged.rule === "leftover" && isSecretKey(hit))
    return { role: "deployed", because: "it holds secrets, so a program reads it as it is" };
  return file;
}

function subjectOf(hit: PlaceholderHit, judged: Judged): string {
  if (judged.rule === "encoded-placeholder") return String(hit.path.at(-1) ?? hit.text);
  if (judged.rule === "weak-default") return hit.name ?? hit.text;
  return hit.text;
}

/** A Terraform validation that names the text refuses it before anything is created. */
function isGuarded(file: Inspected, hit: PlaceholderHit): boolean {
  if (file.format !== "terraform" || hit.path[0] !== "variable") return false;
  return file.facts.names.some((text) => text.includes(hit.text));
}

/** One finding a line: the worst, with every token of the line. */
function joined(candidates: readonly Candidate[]): PlaceholderFinding {
  const sorted = [...candidates].sort((a, b) =>
    a.severity === b.severity ? 0 : worse(a.severity, b.severity) ? -1 : 1,
  );
  const { line: _line, ...first } = sorted[0]!;
  return { ...first, tokens: [...new Set(sorted.flatMap((one) => one.tokens))] };
}

/** Whether a template of the chart around the values hands them to `tpl`; null where the chart is not in the tree. */
function chartUsesTpl(file: Inspected, input: Input): boolean | null {
  const directory = file.path.includes("/") ? file.path.slice(0, file.path.lastIndexOf("/")) : "";
  const folder = directory === "" ? "templates" : `${directory}/templates`;
  const templates = input.files.under(folder);
  if (templates.length === 0) return null;
  return templates.some((entry) => input.facts.get("lines", entry.path)?.lines.some((line) => /\btpl\b/.test(line)));
}
