import type { Report } from "../../types/finding.ts";
import type { Check } from "../../types/rule.ts";
import type { Setting } from "../../types/settings.ts";
import { labelled, place } from "./expectations.ts";

/** Definitions that are deployed by themselves, so that two of one service meet: overlays and values files override on purpose. */
const WHOLE = new Set<Setting["source"]>(["gcloud", "deploy-code", "terraform", "ecs"]);
const LISTS = new Set<Setting["source"]>([...WHOLE, "kubernetes", "compose"]);

export const settingConflict: Check<"settings", "config/setting-conflict"> = {
  needs: ["settings"],
  *run({ settings }) {
    const removed = new Set(
      settings.settings
        .filter((one) => /^flag --(?:remove|clear)-(?:env-vars|secrets)$/.test(one.name))
        .flatMap((one) => (one.value ?? "").split(",").map((name) => `${one.definition} ${name}`)),
    );
    const byService = new Map<string, Setting[]>();
    const byList = new Map<string, Setting[]>();
    for (const one of settings.settings) {
      if (!LISTS.has(one.source) || one.name.startsWith("flag ") || one.name.includes(".")) continue;
      if (one.list !== one.at.path) put(byList, `${one.list} ${one.name}`, one);
      if (removed.has(`${one.definition} ${one.name}`)) continue;
      if (WHOLE.has(one.source) && one.service !== null) {
        const scope = one.environment ?? `? ${one.at.path}`;
        put(byService, `${scope} ${one.service} ${one.name}`, one);
      } else put(byService, `${one.definition} ${one.name}`, one);
    }
    const told = new Set<string>();
    for (const group of byService.values()) {
      const plain = group.find((one) => one.kind === "plain");
      const secret = group.find((one) => one.kind === "secret");
      if (!plain || !secret || (plain.source === "kubernetes" && plain.list !== secret.list)) continue;
      told.add(`${plain.definition} ${plain.name}`);
      yield mixed(plain, secret);
    }
    for (const group of byList.values()) {
      const [first, ...rest] = group;
      if (!first || told.has(`${first.definition} ${first.name}`)) continue;
      const other = rest.find((one) => one.kind === first.kind && differ(one.value, first.value));
      // By an anchor a list may be that of several services.
      if (!other || told.has(place(other.at))) continue;
      told.add(place(other.at));
      yield {
        subject: labelled(other),
        at: other.at,
        severity: "warning",
        message: `${other.name} is set twice with different values in one list, first at ${place(first.at)}: the last one counts, and whoever edits the first changes nothing. Keep one.`,
        related: [{ ...first.at, message: "the first definition" }],
      };
    }
  },
};

/** Whether two known values differ; `True` and `true` are one. */
function differ(a: string | null, b: string | null): boolean {
  if (a === null || b === null || a === b) return false;
  return !/^(?:true|false|yes|no|on|off)$/i.test(a) || a.toLowerCase() !== b.toLowerCase();
}

function mixed(plain: Setting, secret: Setting): Report {
  const where = plain.environment === null ? "" : ` in ${plain.environment}`;
  return {
    subject: labelled(plain),
    at: plain.at,
    message: `${plain.name}${plain.service === null ? "" : ` of ${plain.service}`} is a plain variable here and a secret at ${place(secret.at)}${where}: Cloud Run refuses to change the type, elsewhere whichever is deployed last wins. Keep one definition.`,
    related: [{ ...secret.at, message: "a secret here" }],
  };
}

function put(map: Map<string, Setting[]>, key: string, one: Setting): void {
  const list = map.get(key);
  if (list) list.push(one);
  else map.set(key, [one]);
}
