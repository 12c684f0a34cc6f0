import type { Report, Severity } from "../../types/finding.ts";
import type { CopyStep, Image } from "../../types/image.ts";
import type { Check } from "../../types/rule.ts";
import { makeCollector, severityIn } from "./reporting.ts";

export const copyFlattens: Check<"images", "dockerignore/copy-flattens"> = {
  needs: ["images"],
  *run({ images }) {
    const collector = makeCollector();
    for (const image of images.images) {
      for (const copy of image.copies) {
        if (!copy.needed) continue;
        const report = judge(copy, image);
        if (report) collector.add({ ...report, severity: severityIn(image.build, report.severity) });
      }
    }
    yield* collector.list();
  },
};

function judge(copy: CopyStep, image: Image): (Report & { severity: Severity }) | null {
  const { destination } = copy;
  if (destination.path === null) return null;
  const base = { subject: destination.word.text, at: destination.at };
  const all = copy.sources.flatMap((source) => (source.from === "context" ? source.matches : []));
  const files = all.filter((path) => !image.context.children(path).length);
  const oneFile = copy.collisions.find((one) => one.path === destination.path);
  if (!destination.directory && files.length > 1 && oneFile) {
    return {
      ...base,
      severity: "error",
      message: `${files.length} files are copied to ${destination.word.text}, which has no final slash: each overwrites the one before, and only ${oneFile.second} stays. Write ${destination.word.text}/.`,
    };
  }
  const others = copy.collisions.filter((one) => one.path !== destination.path);
  const collision = others.find((one) => !one.merged) ?? others[0];
  if (collision) {
    return {
      ...base,
      // Directories may be laid over each other on purpose; two files of one name are a mistake.
      severity: collision.merged ? "note" : "error",
      message: `${collision.first} and ${collision.second} both become ${collision.path}: the later one overwrites the earlier. Copy each directory on its own, or use --parents.`,
    };
  }
  // One directory under a glob (`COPY packages* /x/`) is flattened as well, but nothing else then stands beside it.
  const flattened = copy.parents ? [] : copy.flattened;
  const first = flattened[0];
  if (first === undefined || isWholeTree(copy)) return null;
  return {
    ...base,
    severity: "warning",
    message: `The glob matches ${flattened.length === 1 ? `the directory ${first}` : `${flattened.length} directories (${flattened.slice(0, 3).join(", ")}${flattened.length > 3 ? ", …" : ""})`}: their contents land in ${destination.word.text} and their names are lost. Copy each directory under its name, or use --parents.`,
  };
}

/** A glob that is nothing but the spelling of one directory, such as `dis[t]`: meant to be optional. */
function isWholeTree(copy: CopyStep): boolean {
  const globs = copy.sources.filter((source) => source.glob);
  return globs.every((source) => {
    const name = source.path?.replace(/\/+$/, "").split("/").at(-1) ?? "";
    const literal = name.replace(/\[(.)\]/g, "$1").replace(/[*?]$/, "");
    return source.matches.length === 1 && source.matches[0]!.split("/").at(-1) === literal;
  });
}
