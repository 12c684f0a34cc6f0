import type { StartupEntry } from "../../config/schema.ts";
import type { Related, Report } from "../../types/finding.ts";
import type { Check, OptionsOf } from "../../types/rule.ts";
import type { DeclaredFinding } from "../../types/startup.ts";
import { chainPlaces, placeText, selectorName } from "./wording.ts";

/** Entries of `startup:` that the code does not keep. */
export const declaredOrder: Check<"startup", "startup-order/declared-order"> = {
  needs: ["startup"],
  *run({ startup }, options) {
    const own = ownEntry(options);
    if (own === null) {
      for (const finding of startup.declared()) yield reportOf(finding);
      return;
    }
    const { findings, unmatched } = startup.declare(own);
    for (const one of unmatched)
      yield {
        undecided: `"${one.text}" of a team's rule matches nothing in the start-up, so its order is not checked.${
          one.nearest.length > 0 ? ` Nearest: ${one.nearest.join(", ")}.` : ""
        }`,
        remedy: "Correct the name in the rule, or say `root: PATH:function`.",
      };
    for (const finding of findings) yield reportOf(finding);
  },
};

/** The entry that a rule's options state; null where they state none, so that those of predeploy.yml are meant. */
function ownEntry(options: OptionsOf<"startup-order/declared-order">): StartupEntry | null {
  const { before = [], after = [], among = [], root = "" } = options;
  const { last = "", awaited = "", once = "", exists = "", optional = "" } = options;
  if (
    ![last, awaited, once, exists, optional].some((text) => text !== "") &&
    (before.length === 0 || after.length === 0)
  )
    return null;
  const one = (text: string) => (text === "" ? undefined : text);
  return {
    root: root === "" ? "auto" : root,
    ...(before.length > 0 ? { before: [...before] } : {}),
    ...(after.length > 0 ? { after: [...after] } : {}),
    ...(among.length > 0 ? { among: [...among] } : {}),
    last: one(last),
    awaited: one(awaited),
    once: one(once),
    exists: one(exists),
    optional: one(optional),
    on: options.on === "all-paths" ? "all-paths" : "reversed",
    completed: options.completed === "succeeded" ? "succeeded" : "attempted",
    "zero-iterations": false,
  };
}

function reportOf(finding: DeclaredFinding): Report {
  const related: Related[] = [...chainPlaces(finding.chain, "on the way there")];
  if (finding.listed) related.push({ ...finding.listed, message: `${finding.name} is named here` });
  if (finding.otherAt) {
    related.push(...chainPlaces(finding.otherChain, "on the way to the other"));
    related.push({ ...finding.otherAt, message: otherMessage(finding) });
  }
  if (finding.through)
    related.push({ ...finding.through.at, message: `could not be followed: ${finding.through.name}` });
  for (const at of finding.rest) related.push({ ...at, message: "repeated in an exception handler" });
  related.push({ ...finding.root.at, message: `start-up root ${finding.root.label}` });
  const severity = finding.entry.severity;
  return {
    message: messageOf(finding),
    subject: finding.id,
    at: finding.at,
    severity: severity ?? finding.level,
    related,
    ...(finding.order ? { order: finding.order } : {}),
  };
}

const otherMessage = (finding: DeclaredFinding): string => {
  const name = finding.otherName ?? "";
  switch (finding.verdict) {
    case "racing":
      return `${name} is started here and not waited for`;
    case "repeated":
      return `${name} runs here first`;
    case "partial":
      return `${name} runs here on some paths`;
    default:
      return finding.entry.last !== undefined ? `${name} has already run here` : `${name} runs only here`;
  }
};

function messageOf(finding: DeclaredFinding): string {
  const { name, verdict, entry } = finding;
  const wanted = finding.other === null ? "" : selectorName(finding.other);
  const place = finding.otherAt ? ` (${placeText(finding.otherAt)})` : "";
  const declared = `startup entry "${finding.id}"`;
  if (entry.last !== undefined && finding.other === entry.last) {
    if (verdict === "racing")
      return `${name} runs while ${wanted}${place} is still running, but ${declared} wants ${wanted} last: await ${name} before it.`;
    const when = verdict === "partial" ? "may run" : "runs";
    return `${name} ${when} after ${wanted}${place}, which ${declared} wants last: what it checks is not there yet. Move it before ${wanted}.`;
  }
  switch (verdict) {
    case "reversed":
      return `${name} runs before ${wanted}${place}, against ${declared}: it finds nothing of what ${wanted} prepares. Move ${wanted} before it and await it.`;
    case "racing":
      return `${name} runs while ${wanted}${place} was started and not waited for, against ${declared}. Await ${wanted} before ${name}.`;
    case "partial":
      return `${name} runs on some paths without ${wanted}${place} having run, against ${declared}.`;
    case "absent":
      return finding.other === null || entry.exists !== undefined
        ? `${selectorName(entry.exists ?? wanted)} is never run by ${finding.root.label}, against ${declared}. Call it there, or correct the entry.`
        : `${name} runs and ${wanted} does not before it, against ${declared}.`;
    case "unknown":
      return `${name} runs before ${wanted}${place}, unless ${finding.through?.name ?? "a call that could not be followed"}${
        finding.through ? ` (${placeText(finding.through.at)})` : ""
      } runs it (${declared}).`;
    case "repeated":
      return `${name} runs a second time${place === "" ? "" : `, after ${placeText(finding.otherAt as NonNullable<typeof finding.otherAt>)}`}, but ${declared} wants it once.`;
    case "unawaited":
      return `${name} is started and never waited for, against ${declared}: start-up goes on without it and its failure is lost. Await it.`;
    case "unguarded":
      return `${name} can stop the start-up: nothing between here and ${finding.root.label} catches its failure, but ${declared} calls it optional. Catch it here.`;
  }
}
