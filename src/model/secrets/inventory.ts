import type { EnvironmentConfig, InventoryEntry } from "../../config/schema.ts";
import type { DataDocument } from "../../types/data.ts";
import type { FactReader } from "../../types/facts.ts";
import type { ConfigModel } from "../../types/model.ts";
import type { Inventory, InventoryName, Namespace, UnreadableInventory } from "../../types/secrets.ts";
import type { Location, RepoPath } from "../../types/text.ts";
import type { FileTree } from "../../types/workspace.ts";
import { locate } from "../data.ts";
import { isDotenv } from "../path-class.ts";
import * as shapes from "./inventory-shapes.ts";
import { isPlaceholderValue } from "./placeholder-value.ts";

interface Reading {
  files: FileTree;
  facts: FactReader;
  config: ConfigModel;
}

type Kind = Exclude<keyof UnionToIntersection<InventoryEntry>, "namespace" | "complete">;
type UnionToIntersection<U> = (U extends unknown ? (one: U) => void : never) extends (one: infer I) => void ? I : never;

/** Where the names of each kind live, unless the entry says otherwise. */
const NAMESPACES: Readonly<Record<Kind, Namespace>> = {
  declared: "process",
  "env-file": "process",
  "gcloud-secrets": "store",
  "github-secrets": "ci",
  "github-variables": "ci",
  "aws-secrets": "store",
  "aws-parameters": "store",
  "azure-secrets": "store",
  "vault-secrets": "store",
  doppler: "process",
  infisical: "process",
  kubectl: "object",
  sops: "process",
  "terraform-output": "object",
  github: "ci",
  "secret-manager": "store",
};

const READERS: Partial<Record<Kind, (document: DataDocument) => shapes.Listing>> = {
  "gcloud-secrets": (document) => shapes.gcloudSecrets(document),
  "github-secrets": (document) => shapes.githubNames(document, "secret"),
  "github-variables": (document) => shapes.githubNames(document, "variable"),
  "aws-secrets": (document) => shapes.awsSecrets(document),
  "aws-parameters": (document) => shapes.awsParameters(document),
  "azure-secrets": (document) => shapes.azureSecrets(document),
  "vault-secrets": (document) => shapes.vaultSecrets(document),
  doppler: (document) => shapes.keyedNames(document, "the answer of `doppler secrets --only-names --json`"),
  infisical: (document) => shapes.keyedNames(document, "the answer of `infisical export --format=json`"),
  kubectl: (document) => shapes.kubectlObjects(document),
  sops: (document) => shapes.sopsKeys(document),
  "terraform-output": (document) => shapes.keyedNames(document, "the answer of `terraform output -json`"),
};

/** What the same tools write as a text. */
const TEXTS: Partial<Record<Kind, (text: string) => shapes.Listing>> = {
  "gcloud-secrets": (text) => shapes.plainNames(text),
  "vault-secrets": (text) => shapes.plainNames(text),
  "aws-secrets": (text) => shapes.plainNames(text),
  "aws-parameters": (text) => shapes.plainNames(text),
  "azure-secrets": (text) => shapes.plainNames(text),
  "github-secrets": (text) => ghNames(text, "secret"),
  "github-variables": (text) => ghNames(text, "variable"),
  kubectl: (text) => shapes.kubectlNames(text),
};

/** `gh secret list` and `gh variable list`: the name is the first column. */
function ghNames(text: string, kind: "secret" | "variable"): shapes.Listing {
  const listing = shapes.plainNames(text, "first");
  if ("unreadable" in listing) return listing;
  return { ...listing, names: listing.names.map((one) => ({ ...one, kind })), kind, of: "github" };
}

/** Reads the inventories of every environment that is looked at (`only`: one name, or null for all). Those behind the network are left to the evidence. */
export function readInventories(
  reading: Reading,
  only: string | null,
): { inventories: Inventory[]; unreadable: UnreadableInventory[] } {
  const inventories: Inventory[] = [];
  const unreadable: UnreadableInventory[] = [];
  for (const [environment, { inventory }] of Object.entries<EnvironmentConfig>(reading.config.config.environments)) {
    if (only !== null && environment !== only) continue;
    for (const [index, entry] of inventory.entries()) {
      const at = reading.config.locate(["environments", environment, "inventory", index]);
      const kind = Object.keys(entry).find((key): key is Kind => key !== "namespace" && key !== "complete")!;
      if (kind === "github" || kind === "secret-manager") continue;
      const read =
        kind === "declared"
          ? declared(entry, at)
          : fromFile(kind, (entry as Record<string, unknown>)[kind] as RepoPath, reading);
      const label =
        kind === "declared"
          ? "the names declared in predeploy.yml"
          : `${kind} ${(entry as Record<string, unknown>)[kind]}`;
      if ("unreadable" in read) {
        unreadable.push({
          environment,
          namespace: entry.namespace ?? NAMESPACES[kind],
          label,
          reason: read.unreadable,
          at,
        });
        continue;
      }
      inventories.push({
        environment,
        namespace: entry.namespace ?? NAMESPACES[kind],
        label,
        names: read.names,
        ...(read.kind === undefined ? {} : { kind: read.kind }),
        ...(read.of === undefined ? {} : { of: read.of }),
        complete: (entry.complete ?? false) && read.partial === null,
        partial: read.partial,
        at,
      });
    }
  }
  return { inventories, unreadable };
}

type Names =
  | { names: InventoryName[]; partial: string | null; kind?: "secret" | "variable"; of?: string }
  | { unreadable: string };

function declared(entry: InventoryEntry, at: Location): Names {
  const names = "declared" in entry ? entry.declared : [];
  return {
    names: names.map((name) => ({
      name,
      kind: null,
      scope: null,
      empty: null,
      placeholder: null,
      unusable: null,
      versions: null,
      at,
    })),
    partial: null,
  };
}

function fromFile(kind: Kind, path: RepoPath, { files, facts }: Reading): Names {
  if (!files.has(path)) return { unreadable: `${path} is not in the repository.` };
  if (kind === "env-file") return fromDotenv(path, facts);
  if (kind === "sops" && isDotenv(path)) return fromEncryptedDotenv(path, facts);
  const readText = TEXTS[kind];
  if (readText) {
    const lines = facts.get("lines", path)?.lines;
    const first = lines?.find((line) => line.trim() !== "")?.trim() ?? "";
    if (lines && first !== "" && !/^[[{]/.test(first))
      return placed(readText(lines.join("\n")), path, lineStarts(lines));
  }
  const data = facts.get("data", path);
  if (!data) return { unreadable: `${path} could not be read.` };
  const [document] = data.documents;
  const [error] = document?.errors ?? [];
  if (!document || error) return { unreadable: `${path} is not complete: ${error?.message ?? "it is empty"}.` };
  const read = READERS[kind]!(document);
  return placed("unreadable" in read ? { unreadable: `${path}: ${read.unreadable}` } : read, path, data.lineStarts);
}

function fromDotenv(path: RepoPath, facts: FactReader): Names {
  const file = facts.get("dotenv", path);
  if (!file) return { unreadable: `${path} could not be read.` };
  const last = new Map(file.entries.map((entry) => [entry.name, entry]));
  const names = [...last.values()].map(
    ({ name, value, start, end }): InventoryName => ({
      name,
      kind: null,
      scope: null,
      empty: value.trim() === "",
      placeholder: isPlaceholderValue(value),
      unusable: null,
      versions: null,
      at: locate(path, file, { start, end }),
    }),
  );
  return { names, partial: null };
}

/** An encrypted value is never empty: SOPS leaves an empty one as it is. */
function fromEncryptedDotenv(path: RepoPath, facts: FactReader): Names {
  const read = fromDotenv(path, facts);
  if ("unreadable" in read) return read;
  if (!read.names.some(({ name }) => shapes.isSopsName(name)))
    return { unreadable: `${path}: this is not a SOPS file.` };
  const names = read.names.filter(({ name }) => !shapes.isSopsName(name) && !name.endsWith("_unencrypted"));
  return { ...read, names: names.map((one) => ({ ...one, kind: "secret", placeholder: null })) };
}

function placed(listing: shapes.Listing, path: RepoPath, starts: number[]): Names {
  if ("unreadable" in listing) return listing;
  const names = listing.names.map(({ start, end, ...name }) => ({
    ...name,
    at: locate(path, { lineStarts: starts }, { start, end }),
  }));
  return { ...listing, names };
}

function lineStarts(lines: readonly string[]): number[] {
  let at = 0;
  return lines.map((line) => {
    const start = at;
    at += line.length + 1;
    return start;
  });
}
