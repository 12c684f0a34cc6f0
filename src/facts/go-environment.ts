import { lineStartsOf } from "../text/positions.ts";
import type { EnvironmentRead, EnvironmentReads } from "../types/environment-read.ts";
import type { Extractor } from "../types/facts.ts";

const READS = /\bos\.Getenv\(\s*"([A-Za-z_]\w*)"\s*\)/g;
/** `env:"X,required"`, `env:"X,notEmpty"` and `envconfig:"X" required:"true"`, in a struct's tag. */
const TAGS = /`[^`\n]*\b(?:env|envconfig):"([A-Za-z_]\w*)((?:,[^"\n]*)?)"[^`\n]*`/g;
/** Lines behind a read in which its check stands. */
const NEAR = 4;
const FAILS =
  /\b(?:log|slog|logger|zap|zerolog|logrus|glog|klog)\.(?:\w+\(\)\.)?(?:Fatal|Panic)\w*\(|\bpanic\(|\bos\.Exit\(|\breturn\b[^\n]*\b(?:fmt\.Errorf|errors\.New)\(/;

/** How a Go file reads its environment, by its text: a read is required where what follows it ends the process for an empty value. */
export const goEnvironmentExtractor: Extractor<"go-environment"> = {
  kind: "go-environment",
  version: 1,
  extract(source) {
    const text = source.text();
    if (!text.includes("os.Getenv(") && !/\benv(?:config)?:"/.test(text)) return NOTHING;
    const reads: EnvironmentRead[] = [];
    const add = (name: string, need: EnvironmentRead["need"], match: RegExpMatchArray, at: number) => {
      const lineStart = text.lastIndexOf("\n", at) + 1;
      if (text.slice(lineStart, at).includes("//")) return;
      const form = match[0].slice(0, 80);
      reads.push({ name, need, form, unless: null, atImport: false, start: at, end: at + match[0].length });
    };
    for (const match of text.matchAll(READS))
      add(match[1]!, needOf(text, match.index, match[0].length), match, match.index);
    for (const match of text.matchAll(TAGS)) {
      const required = /,\s*(?:required|notEmpty)\b/.test(match[2]!) || /\brequired:"true"/.test(match[0]);
      const fallback = /\b(?:envDefault|default):"/.test(match[0]);
      add(match[1]!, required && !fallback ? "required" : "optional", match, match.index);
    }
    return { ...NOTHING, reads, lineStarts: lineStartsOf(text) };
  },
};

const NOTHING: EnvironmentReads = { reads: [], provided: [], accessors: [], calls: [], lineStarts: [0] };

/** `x := os.Getenv("X")`, then `if x == "" { log.Fatal(…) }`; or `if os.Getenv("X") == ""` itself. */
function needOf(text: string, at: number, length: number): EnvironmentRead["need"] {
  const lineStart = text.lastIndexOf("\n", at) + 1;
  let end = at + length;
  for (let line = 0; line < NEAR && end !== -1; line++) end = text.indexOf("\n", end + 1);
  const behind = text.slice(at + length, end === -1 ? text.length : end);
  const before = text.slice(lineStart, at);
  const name = /([A-Za-z_]\w*)\s*(?::=|=)\s*$/.exec(before)?.[1];
  const test = name !== undefined ? new RegExp(`\\b${name}\\s*==\\s*""|len\\(${name}\\)\\s*==\\s*0`) : /^\s*==\s*""/;
  const found = test.exec(behind);
  if (!found) return name === undefined && /^\s*(?:==|!=)/.test(behind) ? "optional" : "read";
  return FAILS.test(behind.slice(found.index)) ? "required" : "optional";
}
