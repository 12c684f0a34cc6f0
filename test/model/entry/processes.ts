import { defaultConfig } from "../../../src/config/default.ts";
import { makeFactReader } from "../../../src/engine/facts.ts";
import { containersProvider } from "../../../src/model/containers.ts";
import { entriesProvider } from "../../../src/model/entries.ts";
import { kubernetesProvider } from "../../../src/model/kubernetes.ts";
import type { EntryPoint } from "../../../src/types/entry.ts";
import type { CommandPart, Image, ImageFiles } from "../../../src/types/image.ts";
import type { FileTree } from "../../../src/types/workspace.ts";
import { memoryWorkspace } from "../../../src/workspace/memory.ts";

/** A command in an image that holds the whole repository at its working directory. */
export interface ProcessInput {
  files: readonly string[] | Record<string, string>;
  entrypoint?: string | readonly string[];
  cmd?: string | readonly string[];
  workdir?: string;
  /** Image directory at which the repository stands; the working directory unless said. */
  copiedTo?: string;
  env?: Record<string, string>;
  /** Image paths whose contents are not known. */
  opaque?: readonly string[];
}

/** The entry points of such an image, by the real provider. */
export async function entryPointsOf(input: ProcessInput): Promise<EntryPoint[]> {
  const texts = Array.isArray(input.files)
    ? Object.fromEntries(input.files.map((path) => [path, ""]))
    : (input.files as Record<string, string>);
  const workspace = memoryWorkspace(texts);
  const facts = makeFactReader(workspace);
  await facts.load([...entriesProvider.facts, ...containersProvider.facts, ...kubernetesProvider.facts]);
  const base = {
    files: workspace.files,
    facts,
    config: { path: null, config: defaultConfig, locate: () => ({ path: "predeploy.yml", ...range(1, 1, 1) }) },
    options: { environment: null, online: false, present: new Map(), deployed: null, now: 0 },
    linkTarget: () => null,
    noteUnread: () => {},
  };
  const kubernetes = kubernetesProvider.build({ ...base, known: {} });
  if ("missing" in kubernetes) throw new Error(kubernetes.missing);
  const images = { images: [imageOf(input, workspace.files)] };
  const containers = containersProvider.build({ ...base, known: { images, kubernetes } });
  if ("missing" in containers) throw new Error(containers.missing);
  const model = entriesProvider.build({ ...base, known: { images, containers } });
  if ("missing" in model) throw new Error(model.missing);
  return model.points;
}

function range(line: number, from: number, to: number) {
  return { start: { line, column: from }, end: { line, column: to } };
}

function commandOf(line: number, keyword: string, value: string | readonly string[] | undefined): CommandPart | null {
  if (value === undefined) return null;
  const at = { path: "Dockerfile", ...range(line, 1, 200) };
  if (typeof value === "string") {
    const from = keyword.length + 2;
    return {
      form: "shell",
      words: [{ text: value, range: range(line, from, from + value.length) }],
      at,
      origin: "dockerfile",
    };
  }
  return {
    form: "exec",
    words: value.map((text, index) => ({ text, range: range(line, index + 10, index + 11) })),
    at,
    origin: "dockerfile",
  };
}

function imageOf(input: ProcessInput, files: FileTree): Image {
  const workdir = input.workdir ?? "/app";
  const root = input.copiedTo ?? workdir;
  const copied = (path: string) =>
    root === "/"
      ? path.slice(1)
      : path.startsWith(`${root}/`)
        ? path.slice(root.length + 1)
        : path === root
          ? ""
          : null;
  const by = { at: { path: "Dockerfile", ...range(2, 1, 9) }, stage: 0 };
  const imageFiles: ImageFiles = {
    answer(path) {
      const source = copied(path);
      if (source !== null && files.has(source)) return { status: "present", file: { path, source, by } };
      if (source !== null && (source === "" || files.hasDirectory(source))) return { status: "directory" };
      const opaque = input.opaque?.find((directory) => path === directory || path.startsWith(`${directory}/`));
      return opaque ? { status: "unknown", reason: "a RUN may make it", at: null } : { status: "absent" };
    },
    list: () =>
      files.entries.map((entry) => ({ path: `${root === "/" ? "" : root}/${entry.path}`, source: entry.path, by })),
    children: () => [],
    placesOf: (source) => [`${root}/${source}`],
    unknown: () => [],
  };
  const environment = new Map<string, string | null>(Object.entries(input.env ?? {}));
  const stage = {
    index: 0,
    name: null,
    base: "x",
    parent: null,
    at: by.at,
    needed: true,
    files: imageFiles,
    workdir,
    environment,
    user: null,
  };
  return {
    build: {
      id: "web",
      name: "web",
      tags: [],
      run: null,
      config: null,
      dockerfile: { kind: "file", path: "Dockerfile", exists: true },
      context: { kind: "directory", path: "" },
      target: null,
    },
    stages: [stage],
    final: stage,
    files: imageFiles,
    context: { root: "" },
    copies: [],
    runs: [],
    command: {
      entrypoint: commandOf(3, "ENTRYPOINT", input.entrypoint),
      cmd: commandOf(4, "CMD", input.cmd),
      inherited: false,
      shell: ["/bin/sh", "-c"],
    },
    workdir,
    environment,
    user: null,
  } as unknown as Image;
}

/** `role subject → repository path` per part, short enough for a table. */
export function summary(points: readonly EntryPoint[]): string[] {
  return points.flatMap((point) =>
    point.parts.map((part) => {
      const what =
        part.module === null
          ? ""
          : ` (${part.module}${part.attribute === null ? "" : `:${part.attribute}${part.factory ? "()" : ""}`})`;
      const where = part.presence === "present" ? (part.path ?? part.imagePath) : part.presence;
      const from = part.builtFrom === null ? "" : ` from ${part.builtFrom}`;
      return `${part.role} ${part.subject}${what} → ${where}${from}`;
    }),
  );
}
