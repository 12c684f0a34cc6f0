import type { FactReader } from "../../types/facts.ts";
import type { HclBlock, HclFile } from "../../types/hcl.ts";
import type { KeyedObject } from "../../types/secret-uses.ts";
import type { RepoPath } from "../../types/text.ts";
import type { FileTree } from "../../types/workspace.ts";
import { isHelmTemplate } from "../path-class.ts";

/** Secrets and ConfigMaps that Terraform makes: `kubernetes_secret`, `kubernetes_config_map` and their `_v1` forms, by a literal name. */
export function terraformObjects(path: RepoPath, { blocks }: HclFile): KeyedObject[] {
  return blocks.flatMap((block): KeyedObject[] => {
    const kind = /^kubernetes_(secret|config_map)(?:_v1)?$/.exec(block.labels[0]?.text ?? "")?.[1];
    if (block.type !== "resource" || kind === undefined) return [];
    const metadata = block.blocks.find((one) => one.type === "metadata");
    const name = metadata && textOf(metadata, "name");
    if (!metadata || !name) return [];
    return [
      {
        kind: kind === "secret" ? "secret" : "config-map",
        name,
        namespace: textOf(metadata, "namespace"),
        keys: keysOf(block),
        path,
      },
    ];
  });
}

const textOf = ({ attributes }: HclBlock, name: string): string | null => {
  const value = attributes.find((one) => one.name === name)?.value;
  return value?.kind === "string" ? value.string.text : null;
};

/** The keys of literal `data`; null where they are computed. */
function keysOf({ attributes }: HclBlock): Set<string> | null {
  const data = attributes.filter((one) => /^(?:binary_)?data(?:_wo)?$/.test(one.name));
  const keys = data.flatMap(({ value }) =>
    value.kind === "object" ? value.entries.map((entry) => entry.key) : [null],
  );
  return keys.length === 0 || keys.includes(null) ? null : new Set(keys as string[]);
}

/** Secrets and ConfigMaps in templates of charts that have a name of their own, whatever the release is called. Their keys are not told. */
export function chartObjects(files: FileTree, facts: FactReader): KeyedObject[] {
  return files.entries.flatMap(({ path, ignored }): KeyedObject[] => {
    if (ignored || !isHelmTemplate(path)) return [];
    const text = (facts.get("lines", path)?.lines ?? []).join("\n");
    return text.split(/^---/m).flatMap((document): KeyedObject[] => {
      const kind = /^kind:\s*["']?(Secret|ConfigMap)\b/m.exec(document)?.[1];
      const name = /^metadata:[^\n]*\n(?:[ \t][^\n]*\n)*?[ \t]+name:[ \t]*["']?([\w.-]+)["']?[ \t]*$/m.exec(
        document,
      )?.[1];
      if (kind === undefined || name === undefined) return [];
      return [{ kind: kind === "Secret" ? "secret" : "config-map", name, namespace: null, keys: null, path }];
    });
  });
}
