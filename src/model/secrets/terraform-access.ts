import type { HclAttribute, HclBlock, HclFile } from "../../types/hcl.ts";
import type { RefusedSecret } from "../../types/secret-reference.ts";
import type { Location, RepoPath } from "../../types/text.ts";
import { locate } from "../data.ts";

type Module = readonly { path: RepoPath; hcl: HclFile }[];

/** A grant of `roles/secretmanager.secretAccessor`. */
interface Grant {
  /** Label of the secret's resource; null where nobody can tell which. */
  secret: string | null;
  /** Labels of the accounts' resources; null where nobody can tell which. */
  accounts: string[] | null;
  at: Location;
}

const SERVICES = /^google_cloud_run(?:_v2)?_(?:service|job)$|^google_cloudfunctions2?_function$/;

/**
 * Secrets that a Cloud Run service of the module reads though every grant of the module names other secrets or accounts. Cloud Run
 * checks the access when it deploys. Nothing where access may be given elsewhere: for the whole project, by an unknown name, or not
 * by this module at all.
 */
export function refusedSecrets(list: Module): RefusedSecret[] {
  const grants: Grant[] = [];
  for (const { path, hcl } of list)
    for (const block of hcl.blocks) {
      const type = block.type === "resource" ? (block.labels[0]?.text ?? "") : block.type;
      if (block.type === "module" && /iam|secret/i.test(textOf(attribute(block, "source")) ?? "")) return [];
      if (!/_iam_(?:member|binding|policy)$/.test(type)) continue;
      const role = attribute(block, "role");
      const given = textOf(role);
      if (role && given !== null && !/secretmanager|roles\/(?:owner|editor)$/.test(given)) continue;
      // For the whole project or folder, by a computed role, or by a policy of its own: anybody may have access.
      if (given === null || !/^google_secret_manager_secret_iam_(?:member|binding)$/.test(type)) return [];
      if (!/secretAccessor$/.test(given)) continue;
      const at = locate(path, hcl, { start: block.start, end: block.labels[0]?.end ?? block.end });
      const looped = attribute(block, "for_each") !== undefined || attribute(block, "count") !== undefined;
      const secret = looped ? null : labelIn(attribute(block, "secret_id"), "google_secret_manager_secret");
      const accounts = labelsIn(attribute(block, "member") ?? attribute(block, "members"), "google_service_account");
      grants.push({ secret, accounts: looped || accounts.length === 0 ? null : accounts, at });
    }
  if (grants.length === 0) return [];
  const found: RefusedSecret[] = [];
  const names = secretNames(list);
  for (const { path, hcl } of list)
    for (const block of hcl.blocks) {
      if (block.type !== "resource" || !SERVICES.test(block.labels[0]?.text ?? "")) continue;
      const inner = blocksBelow(block, 6);
      const account = inner.map(
        (one) =>
          attribute(one, "service_account") ??
          attribute(one, "service_account_name") ??
          attribute(one, "service_account_email"),
      );
      const label = account.map((one) => labelIn(one, "google_service_account")).find((one) => one !== null) ?? null;
      if (label === null) continue;
      const service = textOf(attribute(block, "name")) ?? block.labels[1]?.text ?? "";
      for (const one of inner) {
        if (one.type !== "secret_key_ref") continue;
        const wanted = attribute(one, "secret") ?? attribute(one, "name");
        const secret = labelIn(wanted, "google_secret_manager_secret");
        if (!wanted || secret === null) continue;
        const allowed = grants.some(
          (grant) =>
            (grant.secret === null || grant.secret === secret) &&
            (grant.accounts === null || grant.accounts.includes(label)),
        );
        const other =
          grants.find((grant) => grant.secret === secret) ?? grants.find((grant) => grant.accounts?.includes(label));
        if (!allowed && other)
          found.push({
            name: names.get(secret) ?? secret,
            service,
            account: label,
            at: locate(path, hcl, wanted.value),
            other: other.at,
          });
      }
    }
  return found;
}

const attribute = (block: Pick<HclBlock, "attributes">, name: string): HclAttribute | undefined =>
  block.attributes.find((one) => one.name === name);

const textOf = (one: HclAttribute | undefined): string | null =>
  one?.value.kind === "string" && !one.value.string.template ? one.value.string.text : null;

function labelsIn(one: HclAttribute | undefined, type: string): string[] {
  return (one?.references ?? []).flatMap(({ path }) =>
    path[0] === type && typeof path[1] === "string" ? [path[1]] : [],
  );
}

const labelIn = (one: HclAttribute | undefined, type: string): string | null => {
  const labels = labelsIn(one, type);
  return labels.length === 1 ? labels[0]! : null;
};

function secretNames(list: Module): Map<string, string> {
  const names = new Map<string, string>();
  for (const { hcl } of list)
    for (const block of hcl.blocks) {
      const name = textOf(attribute(block, "secret_id"));
      if (block.labels[0]?.text === "google_secret_manager_secret" && block.labels[1] && name !== null)
        names.set(block.labels[1].text, name);
    }
  return names;
}

function blocksBelow(block: HclBlock, depth: number): HclBlock[] {
  return [block, ...(depth > 0 ? block.blocks.flatMap((one) => blocksBelow(one, depth - 1)) : [])];
}
