import { directoryOf } from "../../text/paths.ts";
import type { DataFile } from "../../types/data.ts";
import type { DotenvFile } from "../../types/dotenv.ts";
import type { BrokenSettings, Setting } from "../../types/settings.ts";
import type { RepoPath } from "../../types/text.ts";
import { entriesOf, locate, textOf } from "../data.ts";
import { isDefaultCompose, isDotenv, isDotenvExample, isJson, isYaml } from "../path-class.ts";
import type { Where } from "./environment.ts";
import { addPlain, type Origin, type Sink } from "./sink.ts";
import { unparsed } from "./unparsed.ts";
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
    } else if (where.environment !== null || isDefaultCompose(path)) broken.push(...unparsed(sink, path, where));
  }
  return broken;
}

function brokenDotenv(sink: Sink, path: RepoPath, where: Where, passedOn: boolean): BrokenSettings[] {
  const file = sink.input.facts.get("dotenv", path);
  if (!file) return [];
  const deployed = where.environment !== null;
  const nul = file.errors.find((one) => one.kind === "nul");
  if (nul) return [{ path, deployed, kind: "nul", name: null, at: locate(path, file, nul), other: null }];
  const text = sink.input.facts.get("lines", path);
  if (!text) return [];
  // A file that is rendered first is none of these.
  if (text.lines.some((line) => /\{\{.*\}\}|<%|^\s*\{%/.test(line.slice(0, 2000)))) return [];
  // A merge that was not finished is one fault, whatever else its lines look like.
  const conflict = text.lines.findIndex((line) => /^<{7}(?: |$)/.test(line));
  if (conflict !== -1 && text.lines.some((line) => /^>{7}(?: |$)/.test(line))) {
    const start = file.lineStarts[conflict] ?? 0;
    const at = locate(path, file, { start, end: start + text.lines[conflict]!.length });
    return [{ path, deployed, kind: "conflict", name: null, at, other: null }];
  }
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
    if (error.kind === "no-assignment" && passedOn && error.name !== null) continue;
    // One word alone may be a line of a key as well: it is named only where it has the form of a variable.
    const isNamed = error.kind !== "no-assignment" || /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$/.test(error.name ?? "");
    add(error.kind, isNamed ? error.name : null, error);
  }
  if (text.lines[0]?.startsWith("\uFEFF")) add("byte-order-mark", firstName(file), { start: 0, end: 1 });
  if (deployed && text.carriageReturn) add("windows-lines", null, { start: 0, end: 0 });
  const first = new Map<string, DotenvFile["entries"][number]>();
  for (const entry of file.entries) {
    const before = first.get(entry.name);
    if (before)
      add(before.value === entry.value ? "repeated" : "duplicate", entry.name, entry, locate(path, file, before));
    else first.set(entry.name, entry);
  }
  return found;
}

const firstName = (file: DotenvFile): string | null => file.entries[0]?.name ?? null;
