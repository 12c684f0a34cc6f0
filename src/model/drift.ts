import type { ComparedHistory, DriftComparison, DriftModel, HistoryCommit } from "../types/history.ts";
import type { Missing } from "../types/missing.ts";
import type { ConfigModel, ModelProvider } from "../types/model.ts";

/** The comparisons of the history, judged against their limits. */
export const drift: ModelProvider<"drift", "history"> = {
  needs: ["history"],
  facts: [],
  build: ({ known, config, options }) => judgeHistory(known.history, config, options.now),
  isEmpty: (model) => model.comparisons.length === 0,
};

const FIX = /^((hot)?fix(\(.*?\))?!?:|fix\b(?!:))/i;

/** Whether a commit is a fix: by its subject, or by one of the trailers (`Key` or `Key: value`, any case). */
export function isFix(commit: Pick<HistoryCommit, "subject" | "trailers">, trailers: readonly string[]): boolean {
  // The bound keeps a hostile subject from costing time.
  if (FIX.test(commit.subject.slice(0, 500))) return true;
  const wanted = trailers.map((one) => one.toLowerCase().replace(/\s*:\s*/, ": "));
  return commit.trailers.some((line) => {
    const [key = "", value = ""] = line.toLowerCase().split(/:\s*/, 2);
    return wanted.includes(key) || wanted.includes(`${key}: ${value.trim()}`);
  });
}

/**
 * Judges every comparison.
 * @param now milliseconds since the epoch
 */
export function judgeHistory(
  history: { comparisons: readonly ComparedHistory[]; web: string | null },
  { config }: Pick<ConfigModel, "config">,
  now: number,
): DriftModel {
  const severity = settingsOf(config.rules);
  const comparisons = history.comparisons.map((one) => judge(one, severity, now));
  return { comparisons, web: history.web };
}

interface Settings {
  level(rule: string, standard: "error" | "warning" | "note" | "off"): "error" | "warning" | "note" | "off";
  trailers: string[];
}

/** What `rules:` of the config says about this family, as far as it changes a verdict. */
function settingsOf(rules: ConfigModel["config"]["rules"]): Settings {
  const fix = rules["drift/undeployed-fix"];
  const trailers = typeof fix === "object" ? fix["trailers"] : undefined;
  return {
    trailers: Array.isArray(trailers) ? trailers.filter((one): one is string => typeof one === "string") : [],
    level(rule, standard) {
      const setting = rules[`drift/${rule}`];
      const given = typeof setting === "object" ? setting["severity"] : setting === false ? "off" : setting;
      const family = rules["drift"];
      if (given === undefined && (family === "off" || family === false)) return "off";
      return given === "error" || given === "warning" || given === "note" || given === "off" ? given : standard;
    },
  };
}

const isMissing = (value: ComparedHistory["lostMigrations"]): value is Missing => !Array.isArray(value);

function judge(one: ComparedHistory, settings: Settings, now: number): DriftComparison {
  const classify = (commit: HistoryCommit) => ({ ...commit, fix: isFix(commit, settings.trailers) });
  const waiting = one.waiting.map(classify);
  const lost = one.lost.map(classify);
  const oldest = Math.min(...waiting.map((commit) => commit.time));
  const ageDays = waiting.length === 0 ? null : Math.floor((now / 1000 - oldest) / 86_400);
  const { maxWaiting, maxLost, maxAgeDays, fixes } = one.limits;
  const decided = one.undecided === null;
  const faults = {
    tooManyWaiting: decided && maxWaiting !== null && waiting.length > maxWaiting,
    tooOld: decided && maxAgeDays !== null && ageDays !== null && ageDays > maxAgeDays,
    tooManyLost: decided && maxLost !== null && lost.length > maxLost,
  };
  const levels = [
    faults.tooManyWaiting ? settings.level("undeployed-commits", "error") : "off",
    faults.tooOld ? settings.level("undeployed-age", "error") : "off",
    faults.tooManyLost ? settings.level("lost-commits", "error") : "off",
    !isMissing(one.lostMigrations) && one.lostMigrations.length > 0 ? settings.level("lost-migration", "error") : "off",
    waiting.some((commit) => commit.fix) && fixes !== "off" ? settings.level("undeployed-fix", fixes) : "off",
  ];
  const worst = levels.includes("error") ? "fail" : levels.includes("warning") ? "warn" : "pass";
  return {
    ...one,
    ...faults,
    subject: one.environment ?? `${one.head.ref}..${one.base.ref}`,
    waiting,
    lost,
    ageDays,
    verdict: decided ? worst : "undecided",
    reason: one.undecided?.missing ?? (one.notes.length > 0 ? one.notes.join("; ") : null),
  };
}
