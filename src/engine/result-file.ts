import { UsageError } from "../config/usage-error.ts";
import type { Finding, RunResult } from "../types/finding.ts";

/** What `--format json` keeps of a run. */
export interface SavedRun {
  result: RunResult;
  /** How many findings were there before the change; null where no base was compared with. */
  older: number | null;
  /** Which commit was checked; null where nothing said so. */
  checked: string | null;
  /** Folder of the repository that the paths count from; "" for its root. */
  folder: string;
}

/**
 * Reads the JSON of a run, version 1. A file that went from one job to the next may be a stranger's, so every part that a report
 * stands on is looked at. Throws UsageError where it is no such JSON.
 */
export function parseRun(text: string, file: string): SavedRun {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text.replace(/^\ufeff/, ""));
  } catch {
    throw new UsageError(`${file}: not valid JSON; give what \`predeploy check --format json\` wrote.`);
  }
  if (!isResult(parsed))
    throw new UsageError(`${file}: this is no result of version 1; give what \`predeploy check --format json\` wrote.`);
  const { verdict, findings, suppressed, undecided, unread, shard, older, checked, folder } = parsed;
  return {
    result: { verdict, findings, suppressed, undecided, unread, ...(shard === undefined ? {} : { shard }) },
    older: typeof older === "number" ? older : null,
    checked: typeof checked === "string" ? checked : null,
    folder: typeof folder === "string" && isBelow(folder) ? folder : "",
  };
}

const isBelow = (folder: string): boolean => !folder.startsWith("/") && !folder.split("/").includes("..");

type Test = (value: unknown) => boolean;

const isText: Test = (value) => typeof value === "string";
const isCount: Test = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
/** As `--shard` takes it: every number up to the count may come to be listed. */
const isPart: Test = (value) => isCount(value) && (value as number) >= 1 && (value as number) <= 999;
const oneOf =
  (...words: readonly unknown[]): Test =>
  (value) =>
    words.includes(value);
const listOf =
  (test: Test): Test =>
  (value) =>
    Array.isArray(value) && value.every(test);
const maybe =
  (test: Test): Test =>
  (value) =>
    value === undefined || test(value);
const record = (tests: Readonly<Record<string, Test>>): Test => {
  const each = Object.entries(tests);
  return (value) =>
    typeof value === "object" &&
    value !== null &&
    each.every(([key, test]) => test(Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined));
};

const position = record({ line: isCount, column: isCount });
const location = { path: isText, start: position, end: position };
const step = { name: isText, at: record(location) };
const place = record({ ...step, chain: listOf(record(step)) });
const finding = record({
  rule: isText,
  severity: oneOf("error", "warning", "note"),
  subject: isText,
  message: isText,
  help: isText,
  fingerprint: isText,
  at: record(location),
  related: maybe(listOf(record({ ...location, message: isText }))),
  order: maybe(record({ root: isText, how: oneOf("before", "beside", "again"), first: place, second: place })),
  fix: maybe(
    record({
      title: isText,
      safety: oneOf("safe", "review"),
      edits: listOf(record({ ...location, newText: isText })),
    }),
  ),
  hidden: maybe(oneOf(true, false)),
} satisfies Record<keyof Finding, Test>);
const result = record({
  version: oneOf(1),
  verdict: oneOf("pass", "fail", "undecided"),
  findings: listOf(finding),
  suppressed: listOf(record({ finding, by: oneOf("inline", "config", "baseline"), reason: isText })),
  undecided: listOf(record({ rule: isText, reason: isText, remedy: isText })),
  unread: listOf(record({ path: isText, reason: isText })),
  shard: maybe(record({ index: isPart, count: isPart })),
});

function isResult(value: unknown): value is RunResult & { older?: unknown; checked?: unknown; folder?: unknown } {
  return result(value);
}
