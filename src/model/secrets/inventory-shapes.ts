import { baseName } from "../../text/paths.ts";
import type { DataDocument, DataNode } from "../../types/data.ts";
import type { InventoryName } from "../../types/secrets.ts";
import { asScalar, entriesOf, itemsOf, textOf, valueAt } from "../data.ts";

/** A name as a list gives it, with the offsets of where it stands. */
export interface ListedName extends Omit<InventoryName, "at"> {
  start: number;
  end: number;
}

/** What an inventory file holds, or why it cannot be read. `partial` says why it may not be all. */
export type Listing =
  | { names: ListedName[]; partial: string | null; kind?: "secret" | "variable"; of?: string }
  | { unreadable: string };

const BLANK = { kind: null, scope: null, empty: null, placeholder: null, unusable: null, versions: null } as const;

function listed(node: DataNode, name: string, more: Partial<ListedName> = {}): ListedName {
  return { ...BLANK, name, start: node.start, end: node.end, ...more };
}

const unknownShape = (wanted: string): Listing => ({ unreadable: `this is not ${wanted}.` });

/** A listing of names only, from each item of a list by `read`; an item that gives null is of another shape. */
function fromItems(
  list: DataNode | null,
  read: (item: DataNode) => ListedName | null,
  wanted: string,
  partial: string | null = null,
): Listing {
  if (list?.kind !== "list") return unknownShape(wanted);
  const names = list.items.map(read);
  return names.includes(null) ? unknownShape(wanted) : { names: names as ListedName[], partial };
}

/** The texts under one key of each item. */
const texts = (list: DataNode | null, key: string): string[] =>
  itemsOf(list).flatMap((item) => textOf(valueAt(item, key)) ?? []);

/** Says of what a listing is one, where all of its names say the same. */
function listOf(listing: Listing, store: string, parts: readonly (string | undefined)[]): Listing {
  const [part] = parts;
  if ("unreadable" in listing || part === undefined || parts.some((one) => one !== part)) return listing;
  return { ...listing, of: `${store} ${part}` };
}

/** `gcloud secrets list --format=json`, or the answer of the REST list. */
export function gcloudSecrets({ root }: DataDocument): Listing {
  const list = root?.kind === "map" ? valueAt(root, "secrets") : root;
  const partial = textOf(valueAt(root, "nextPageToken")) ? "it is one page of several" : null;
  const read = (item: DataNode): ListedName | null => {
    const node = item.kind === "scalar" ? item : valueAt(item, "name");
    const name = textOf(node);
    if (!node || name === null) return null;
    const versions = new Map<string, "enabled" | "disabled" | "destroyed">();
    for (const version of itemsOf(valueAt(item, "versions"))) {
      const state = textOf(valueAt(version, "state"))?.toLowerCase();
      const id = textOf(valueAt(version, "name"));
      if (id !== null && (state === "enabled" || state === "disabled" || state === "destroyed"))
        versions.set(baseName(id), state);
    }
    return listed(node, baseName(name), { versions: versions.size > 0 ? versions : null });
  };
  const projects = texts(list, "name").map((name) => /^projects\/([^/]+)\//.exec(name)?.[1]);
  return listOf(
    fromItems(list, read, "a list of secrets as `gcloud secrets list --format=json` writes it", partial),
    "Secret Manager",
    projects,
  );
}

/**
 * The texts that the tools write without JSON: names one a line, or separated by tabs (`aws … --output text`); the first column of a table
 * (`gcloud secrets list`, `gh secret list`); Vault's `Keys`. `#` starts a comment. Nothing behind the first column is looked at.
 */
export function plainNames(text: string, columns: "names" | "first" = "names"): Listing {
  const names: ListedName[] = [];
  let table = columns === "first";
  let start = 0;
  for (const line of text.split("\n")) {
    const content = line.trimEnd();
    const isHead = names.length === 0 && /^(?:NAME\b|Keys$|-+$)/.test(content);
    if (isHead) table ||= content.startsWith("NAME");
    else if (content.trim() !== "" && !content.trimStart().startsWith("#")) {
      const found = [...content.matchAll(/[^\s]+/g)];
      if (!table && found.length > 1 && /[^\S\t]/.test(content.trim()))
        return unknownShape("a list of names, one a line");
      for (const { 0: name, index } of table ? found.slice(0, 1) : found)
        names.push({
          ...BLANK,
          name: name.replace(/^projects\/[^/]+\/secrets\//, ""),
          start: start + index,
          end: start + index + name.length,
        });
    }
    start += line.length + 1;
  }
  return withoutFolders({ names, partial: null });
}

/** Of a listing with folders only what is in none is told. */
function withoutFolders(listing: { names: ListedName[]; partial: string | null }): Listing {
  const folder = listing.names.find((one) => one.name.endsWith("/"));
  if (!folder) return listing;
  return {
    names: listing.names.filter((one) => !one.name.endsWith("/")),
    partial: `the folder ${folder.name} is not listed`,
  };
}

/** `kubectl get secret,cm -o name`: objects without their keys. */
export function kubectlNames(text: string): Listing {
  const listing = plainNames(text);
  if ("unreadable" in listing) return listing;
  const names: ListedName[] = [];
  for (const one of listing.names) {
    const [type, name] = one.name.split("/");
    if ((type !== "secret" && type !== "configmap") || !name)
      return unknownShape("the answer of `kubectl get secret,cm -o name`");
    names.push({ ...one, name, kind: type === "secret" ? "secret" : "variable" });
  }
  return { names, partial: null };
}

/**
 * GitHub's secrets and variables: the REST answer of one list (`{ "secrets": [ { "name" } ] }`), `gh secret list --json name`, or
 * `{ repository: { secrets, variables }, organization: …, environments: { E: … } }` with lists of names or of objects.
 */
export function githubNames({ root }: DataDocument, only: "secret" | "variable"): Listing {
  const wanted = "a list of GitHub secrets or variables";
  const names: ListedName[] = [];
  let recognised = false;
  let partial: string | null = null;
  let foreign = false;
  const kinds = new Set<"secret" | "variable">();
  const readList = (list: DataNode | null, kind: "secret" | "variable", scope: string | null) => {
    if (list?.kind !== "list") return;
    recognised = true;
    kinds.add(kind);
    for (const item of list.items) {
      const node = item.kind === "scalar" ? item : valueAt(item, "name");
      const name = textOf(node);
      if (node && name !== null) names.push(listed(node, name, { kind, scope }));
      else foreign = true;
    }
  };
  const readGroup = (group: DataNode | null, scope: string | null) => {
    readList(valueAt(group, "secrets"), "secret", scope);
    readList(valueAt(group, "variables"), "variable", scope);
    const total = Number(textOf(valueAt(group, "total_count")));
    const here = Math.max(itemsOf(valueAt(group, "secrets")).length, itemsOf(valueAt(group, "variables")).length);
    if (total > here) partial = `it holds ${here} of ${total} names`;
  };
  // `gh api --paginate --slurp`: a list of answers.
  const pages =
    itemsOf(root).length > 0 && itemsOf(root).every((one) => valueAt(one, "secrets") ?? valueAt(one, "variables"));
  if (pages) {
    const all = new Set<string>();
    for (const page of itemsOf(root)) {
      readList(valueAt(page, "secrets"), "secret", null);
      readList(valueAt(page, "variables"), "variable", null);
      all.add(textOf(valueAt(page, "total_count")) ?? "");
    }
    const [total] = all;
    if (all.size === 1 && Number(total) > names.length) partial = `it holds ${names.length} of ${total} names`;
  } else if (root?.kind === "list") readList(root, only, null);
  else {
    for (const group of [root, valueAt(root, "repository"), valueAt(root, "organization")]) readGroup(group, null);
    for (const { key, value } of entriesOf(valueAt(root, "environments"))) {
      recognised = true;
      readGroup(value, key.text);
    }
    if (valueAt(root, "repository")) recognised = true;
  }
  if (!recognised || foreign) return unknownShape(wanted);
  // A list of one kind says nothing of the other.
  const [kind = only, other] = kinds;
  return { names, partial, of: "github", ...(other === undefined ? { kind } : {}) };
}

/** `aws secretsmanager list-secrets`. */
export function awsSecrets({ root }: DataDocument): Listing {
  const partial = textOf(valueAt(root, "NextToken")) ? "it is one page of several" : null;
  const read = (item: DataNode): ListedName | null => {
    const node = item.kind === "scalar" ? item : valueAt(item, "Name");
    const name = textOf(node);
    const deleted = textOf(valueAt(item, "DeletedDate")) !== null;
    return node && name !== null
      ? listed(node, name, { kind: "secret", unusable: deleted ? "it is scheduled for deletion" : null })
      : null;
  };
  // `--query 'SecretList[].Name'` leaves a list of names.
  const list = root?.kind === "list" ? root : valueAt(root, "SecretList");
  const accounts = texts(list, "ARN").map((arn) => /^arn:[^:]*:secretsmanager:([^:]*:[^:]*):/.exec(arn)?.[1]);
  return listOf(
    fromItems(list, read, "the answer of `aws secretsmanager list-secrets`", partial),
    "Secrets Manager",
    accounts,
  );
}

/** `aws ssm describe-parameters`. */
export function awsParameters({ root }: DataDocument): Listing {
  const partial = textOf(valueAt(root, "NextToken")) ? "it is one page of several" : null;
  const read = (item: DataNode): ListedName | null => {
    const node = item.kind === "scalar" ? item : valueAt(item, "Name");
    const name = textOf(node);
    return node && name !== null ? listed(node, name) : null;
  };
  return fromItems(
    root?.kind === "list" ? root : valueAt(root, "Parameters"),
    read,
    "the answer of `aws ssm describe-parameters`",
    partial,
  );
}

/** `az keyvault secret list`, or the answer of the REST list. */
export function azureSecrets({ root }: DataDocument): Listing {
  const list = root?.kind === "map" ? valueAt(root, "value") : root;
  const partial = textOf(valueAt(root, "nextLink")) ? "it is one page of several" : null;
  const read = (item: DataNode): ListedName | null => {
    const node = item.kind === "scalar" ? item : (valueAt(item, "name") ?? valueAt(item, "id"));
    const name = textOf(node);
    const disabled = asScalar(valueAt(item, "attributes", "enabled"))?.value === false;
    return node && name !== null
      ? listed(node, baseName(name), { kind: "secret", unusable: disabled ? "it is disabled" : null })
      : null;
  };
  const vaults = texts(list, "id").map((id) => /^https:\/\/([^/]+)\//.exec(id)?.[1]);
  return listOf(fromItems(list, read, "the answer of `az keyvault secret list`", partial), "Key Vault", vaults);
}

/** `vault kv list -format=json`; an entry that ends in `/` is a folder whose content is not listed. */
export function vaultSecrets({ root }: DataDocument): Listing {
  const list = root?.kind === "map" ? (valueAt(root, "data", "keys") ?? valueAt(root, "keys")) : root;
  const read = (item: DataNode) => (textOf(item) === null ? null : listed(item, textOf(item)!, { kind: "secret" }));
  const listing = fromItems(list, read, "the answer of `vault kv list -format=json`");
  return "unreadable" in listing ? listing : withoutFolders(listing);
}

/** A map of names to values or objects (Doppler, Infisical, `terraform output -json`), or a list of names or of `{ key }`. Values are not looked at. */
export function keyedNames({ root }: DataDocument, wanted: string): Listing {
  if (root?.kind === "map")
    return {
      names: root.entries.filter(({ key }) => !key.text.startsWith("DOPPLER_")).map(({ key }) => listed(key, key.text)),
      partial: null,
    };
  const read = (item: DataNode): ListedName | null => {
    const node =
      item.kind === "scalar" ? item : (valueAt(item, "key") ?? valueAt(item, "secretKey") ?? valueAt(item, "name"));
    const name = textOf(node);
    return node && name !== null ? listed(node, name) : null;
  };
  return fromItems(root, read, wanted);
}

/** `kubectl get secret,cm -o json`: `object/key` and the object's own name; data is not looked at. */
export function kubectlObjects({ root }: DataDocument): Listing {
  const items = textOf(valueAt(root, "kind"))?.endsWith("List") ? itemsOf(valueAt(root, "items")) : root ? [root] : [];
  const names: ListedName[] = [];
  for (const item of items) {
    const kind = textOf(valueAt(item, "kind"));
    const node = valueAt(item, "metadata", "name");
    const name = textOf(node);
    if (!node || name === null || (kind !== "Secret" && kind !== "ConfigMap"))
      return unknownShape("the answer of `kubectl get secret,cm -o json`");
    const scope = textOf(valueAt(item, "metadata", "namespace"));
    const type = kind === "Secret" ? ("secret" as const) : ("variable" as const);
    names.push(listed(node, name, { kind: type, scope }));
    for (const part of ["data", "stringData", "binaryData"])
      for (const { key } of entriesOf(valueAt(item, part)))
        names.push(listed(key, `${name}/${key.text}`, { kind: type, scope }));
  }
  return listOf(
    { names, partial: null },
    "namespace",
    names.map((one) => one.scope ?? undefined),
  );
}

/** A dotenv file that SOPS encrypted: names are clear text, and its own stand among them. */
export const isSopsName = (name: string): boolean => /^sops_/.test(name);

/** A SOPS file: its keys are clear text. `sops` itself and what was left unencrypted on purpose are no secrets. */
export function sopsKeys({ root }: DataDocument): Listing {
  if (root?.kind !== "map" || !root.entries.some(({ key }) => key.text === "sops")) return unknownShape("a SOPS file");
  const names = root.entries
    .filter(({ key }) => key.text !== "sops" && !key.text.endsWith("_unencrypted"))
    .map(({ key, value }) =>
      listed(key, key.text, {
        kind: "secret",
        empty: value.kind === "scalar" && (value.value === null || value.text === ""),
      }),
    );
  return { names, partial: null };
}
