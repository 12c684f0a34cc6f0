import type { DataFile, DataNode, DataScalar } from "../types/data.ts";
import { get } from "./nodes.ts";

/** Keys whose value says which thing is meant: an action in one is put in before the object is applied. */
const NAMING =
  /^(?:kind|apiVersion|name|generateName|namespace|image|key|secretName|serviceAccountName|claimName|containerPort|port|targetPort|hosts?|path)$/;
/** Kinds whose controllers put in such actions themselves, wherever they stand below the object's own name. */
const OWN_ACTIONS =
  /^(?:argoproj\.io|kyverno\.io|external-secrets\.io|monitoring\.coreos\.com|secrets\.hashicorp\.com)\//;

/**
 * Whether a text with `{{ }}` is rendered before it is applied. It is where YAML cannot read it, and where an action stands outside of values or in
 * one that names something. An action in a comment, a command or the data of a ConfigMap is text, for whoever reads that.
 */
export function isTemplate(text: string, file: DataFile): boolean {
  if (file.documents.some((document) => document.errors.length > 0)) return true;
  const texts: DataScalar[] = [];
  const holds = (one: DataScalar) => text.slice(one.start, one.end).includes("{{");
  /** False as soon as an action is found where something is named. */
  const read = (node: DataNode, key: string, naming: RegExp, depth: number): boolean => {
    if (depth > 60) return false;
    if (node.kind === "scalar") {
      if (!holds(node)) return true;
      texts.push(node);
      return !naming.test(key);
    }
    if (node.kind === "list") return node.items.every((item) => read(item, key, naming, depth + 1));
    return node.entries.every((entry) => {
      if (holds(entry.key)) return false;
      // What stands in such data is no object's.
      const inside = depth === 0 && /^(?:data|stringData|binaryData)$/.test(entry.key.text) ? NOTHING : naming;
      return read(entry.value, entry.key.text, inside, depth + 1);
    });
  };
  for (const { root } of file.documents) {
    if (root === null) continue;
    if (!read(root, "", hasOwnActions(root) ? OBJECT_ITSELF : NAMING, 0)) return true;
    if (hasOwnActions(root) && namesItself(root, holds)) return true;
  }
  for (let at = text.indexOf("{{"); at !== -1; at = text.indexOf("{{", at + 2))
    if (!texts.some((one) => one.start <= at && at < one.end) && !isInComment(text, at)) return true;
  return false;
}

const NOTHING = /^$/;
const OBJECT_ITSELF = /^(?:kind|apiVersion)$/;

function hasOwnActions(root: DataNode): boolean {
  const version = get(root, "apiVersion");
  return version?.kind === "scalar" && OWN_ACTIONS.test(version.text);
}

const namesItself = (root: DataNode, holds: (one: DataScalar) => boolean): boolean =>
  ["name", "namespace"].some((key) => {
    const value = get(get(root, "metadata"), key);
    return value?.kind === "scalar" && holds(value);
  });

/** Behind a `#` that begins the line or follows a space. Quoted text, which may hold one, was looked at before. */
const isInComment = (text: string, at: number): boolean =>
  /(?:^|\s)#/.test(text.slice(text.lastIndexOf("\n", at) + 1, at));
