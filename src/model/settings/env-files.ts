import type { DataFile } from "../../types/data.ts";
import type { DotenvFile } from "../../types/dotenv.ts";
import type { BrokenSettings, Setting } from "../../types/settings.ts";
import type { RepoPath } from "../../types/text.ts";
import { entriesOf, locate, textOf } from "../data.ts";
import { directoryOf, isDotenv, isDotenvExample, isJson, isYaml } from "../path-class.ts";
import type { Where } from "./environment.ts";
import { addPlain, type Origin, type Sink } from "./sink.ts";
import { exactly, literalOf } from "./values.ts";

/** Folders that hold settings of everything, not of one service. */
const SHARED =
  /^(?:config|configs|conf|env|envs|environments?|settings|deploy|deployment|deployments|infra|infrastructure|ops|docker|k8s|kubernetes|helm|\.github|scripts?|secrets?|staging|stage|stg|production|prod|prd|live|preview|qa|uat|overlays?|base|apps?|services?|packages?|src)$/i;

/** Named like an env file, and something else: patches, templates of other tools, backups, texts. */
const OTHER_FORMAT =
  /\.(?:patch|diff|j2|jinja2?|erb|ejs|hbs|gotmpl|in|md|txt|enc|gpg|age|sops|vault|lock|bak|old|orig|d\.ts|[cm]?[jt]sx?|py|rb|go|sh|ps1|zip|gz)$/i;

/** The nearest folder that may be a service's, and no environment's. */
function serviceOfPath(path: RepoPath, { naming }: Sink): string | null {
  return (
    directoryOf(path)
      .split("/")
      .filter((part) => part !== "" && !SHARED.test(part) && naming.ofText(part).environment === null)
      .at(-1) ?? null
  );
}

/** What is left of `stg.app-webhook-client.env` or `.env.api.staging` beside the environment: the service; null for nothing. */
function serviceOfName(path: RepoPath, { naming }: Sink): string | null {
  const parts = path
    .slice(path.lastIndexOf("/") + 1)
    .split(".")
    .filter((part) => part !== "" && !/^(?:env|vars)$/i.test(part));
  const [service] = parts.filter((part) => naming.ofText(part).environment === null);
  return parts.length === 2 && service !== undefined && !SHARED.test(service) ? service : null;
}

/** Every dotenv file that is deployed or may be. */
export function readEnvFiles(sink: Sink): void {
  for (const { path, ignored, kind } of sink.input.files.entries) {
    if (ignored || (kind !== "file" && kind !== "executable") || !isDotenv(path) || OTHER_FORMAT.test(path)) continue;
    const where = sink.naming.ofPath(path);
    if (where.excluded || (isDotenvExample(path) && !where.declared)) continue;
    if (where.environment === null && /(?:^|\/)\.env$/.test(path) === false) continue;
    if (where.environment !== null) sink.seen.add(where.environment);
    const service = (where.environment === null ? null : serviceOfName(path, sink)) ?? serviceOfPath(path, sink);
    readEnvFile(sink, path, { where, service, source: "env-file", definition: path });
  }
}

/** A file of `NAME=value` lines, or of one flat YAML or JSON map. */
export function readEnvFile(sink: Sink, path: RepoPath, origin: Origin): (Setting | null)[] {
  if (isYaml(path) || isJson(path)) {
    const data = sink.input.facts.get("data", path);
    return data ? readFlatMap(sink, data, path, origin) : [];
  }
  const read: (Setting | null)[] = [];
  const file = sink.input.facts.get("dotenv", path);
  for (const [index, entry] of file?.entries.entries() ?? []) {
    // The last one counts.
    if (file!.entries.findLastIndex((one) => one.name === entry.name) !== index && file!.entries.length < 5000)
      continue;
    const range = entry.valueEnd > entry.valueStart ? { start: entry.valueStart, end: entry.valueEnd } : entry;
    read.push(
      addPlain(
        sink,
        origin,
        entry.name,
        entry.value,
        locate(path, file!, range),
        entry.quotes === "single" ? exactly : literalOf,
      ),
    );
  }
  return read;
}

function readFlatMap(sink: Sink, data: DataFile, path: RepoPath, origin: Origin): (Setting | null)[] {
  return entriesOf(data.documents[0]?.root).map(({ key, value }) => {
    const text = textOf(value);
    return text === null ? null : addPlain(sink, origin, key.text, text, locate(path, data, value));
  });
}

/** What is wrong with the text of env files, and of an environment's YAML, JSON and HCL. `passedOn`: files that compose reads. */
export function brokenFiles(sink: Sink, passedOn: ReadonlySet<RepoPath>): BrokenSettings[] {
  const broken: BrokenSettings[] = [];
  for (const { path, ignored, kind } of sink.input.files.entries) {
    if (ignored || (kind !== "file" && kind !== "executable")) continue;
    const where = sink.naming.ofPath(path);
    if (where.excluded) continue;
    if (OTHER_FORMAT.test(path)) continue;
    if (isDotenv(path)) {
      if (!isDotenvExample(path) || where.declared) broken.push(...brokenDotenv(sink, path, where, passedOn.has(path)));
    } else if (where.environment !== null) broken.push(...unparsed(sink, path, where));
  }
  return broken;
}

function brokenDotenv(sink: Sink, path: RepoPath, where: Where, passedOn: boolean): BrokenSettings[] {
  const file = sink.input.facts.get("dotenv", path);
  const text = sink.input.facts.get("lines", path);
  if (!file || !text) return [];
  const deployed = where.environment !== null;
  // A file that is rendered first is none of these.
  if (text.lines.some((line) => /\{\{.*\}\}|<%|^\s*\{%/.test(line.slice(0, 2000)))) return [];
  // A text that is mostly something else is no env file, whatever it is called.
  const lost = file.errors.filter((one) => one.kind === "no-assignment").length;
  if (lost > 3 && lost > file.entries.length / 2) return [];
  const found: BrokenSettings[] = [];
  const add = (
    kind: BrokenSettings["kind"],
    name: string | null,
    range: { start: number; end: number },
    other: BrokenSettings["other"] = null,
  ) => found.push({ path, deployed, kind, name, at: locate(path, file, range), other });
  for (const error of file.errors) {
    if (
      error.kind === "no-assignment" &&
      (passedOn || /^\s*<{7}|^={7}|^>{7}/.test(text.lines[locate(path, file, error).start.line - 1] ?? "")) &&
      error.name !== null
    )
      continue;
    add(error.kind, error.name, error);
  }
  if (text.lines[0]?.startsWith("\uFEFF")) add("byte-order-mark", firstName(file), { start: 0, end: 1 });
  const nul = text.lines.findIndex((line) => line.includes("\0"));
  if (nul !== -1) add("nul", null, { start: file.lineStarts[nul] ?? 0, end: (file.lineStarts[nul] ?? 0) + 1 });
  if (deployed && text.carriageReturn) add("windows-lines", null, { start: 0, end: 0 });
  const first = new Map<string, DotenvFile["entries"][number]>();
  for (const entry of file.entries) {
    const before = first.get(entry.name);
    if (before) add("duplicate", entry.name, entry, locate(path, file, before));
    else first.set(entry.name, entry);
  }
  return found;
}

const firstName = (file: DotenvFile): string | null => file.entries[0]?.name ?? null;

/** YAML, JSON and HCL of an environment that does not parse; what is rendered first, and what other rules read, is left out. */
function unparsed(sink: Sink, path: RepoPath, where: Where): BrokenSettings[] {
  const { facts } = sink.input;
  if (/(?:^|\/)(?:\.github|templates?|charts?\/[^/]+\/templates)\//.test(path)) return [];
  const kind = isYaml(path) || /\.json$/i.test(path) ? "data" : /\.(?:tfvars|tf)$/i.test(path) ? "hcl" : null;
  if (kind === null) return [];
  if (
    !where.declared &&
    !/(?:^|[/._-])(?:env|config|values|settings|kustomiz|k8s|deploy|overlay|terraform|infra|staging|stage|stg|production|prod|prd)/i.test(
      path,
    )
  )
    return [];
  const fact = kind === "hcl" ? facts.get("hcl", path) : facts.get("data", path);
  if (!fact) return [];
  const error =
    kind === "hcl"
      ? (fact as { errors: { message: string; offset: number }[] }).errors[0]
      : (fact as DataFile).documents.flatMap((one) => one.errors)[0];
  if (!error || /too (?:large|long|many|deep)|nested|not readable|alias/i.test(error.message)) return [];
  const lines = facts.get("lines", path)?.lines ?? [];
  if (lines.some((line) => /\{\{|\{%|<%|^\s*@@|\$\{\{|__[A-Z_]+__|^<{7} |^#@/.test(line.slice(0, 2000)))) return [];
  if (/duplicate|unique/i.test(error.message) && !isYaml(path)) return [];
  const at = locate(path, fact, { start: error.offset, end: error.offset });
  return [
    { path, deployed: true, kind: "unparsed", name: error.message.split("\n")[0]!.slice(0, 160), at, other: null },
  ];
}
