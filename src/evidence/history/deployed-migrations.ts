import { essenceOfFile, graphsFromTexts, isMigrationPath, type KnownTexts } from "../../model/migrations/from-texts.ts";
import type { ComparedHistory, DeployedMigration, DeployedMigrations, LostMigration } from "../../types/history.ts";
import type { MigrationGraph } from "../../types/migrations.ts";
import type { RepoPath } from "../../types/text.ts";
import type { Workspace } from "../../types/workspace.ts";
import { type GitPlace, splitNul } from "../../workspace/git.ts";
import { ask, GitFailure } from "./ask.ts";

type Tree = ReadonlyMap<RepoPath, string>;

/** What is looked at in the trees of a history. */
export interface Scope {
  /** The checked folder below the top of its repository: `services/api/`, or "". */
  folder: string;
  /** Directories of plain SQL migrations that the config names, from that folder. */
  sqlDirectories: readonly RepoPath[];
}

/** The folder that is checked, below the top of its repository: `services/api/`, or "" for all of it. Throws GitFailure. */
export async function folderOf(user: GitPlace): Promise<string> {
  return (await ask(user, ["rev-parse", "--show-prefix"])).toString("utf8").replace(/\n$/, "");
}

/** Every plain file of a commit's tree with its blob, named from `folder` as `folderOf` gives it. Throws GitFailure. */
export async function treeOf(place: GitPlace, commit: string, folder: string): Promise<Tree> {
  const tree = new Map<RepoPath, string>();
  for (const entry of splitNul(await ask(place, ["ls-tree", "-r", "-z", "--full-tree", commit]))) {
    const meta = entry.slice(0, entry.indexOf("\t"));
    const [mode = "", , blob = ""] = meta.split(" ");
    const path = entry.slice(meta.length + 1);
    if (mode.startsWith("100") && path.startsWith(folder)) tree.set(path.slice(folder.length), blob);
  }
  return tree;
}

const MAX_FILE = 2 * 1024 * 1024;

/** The content of blobs, by name; what is absent or too large is left out. */
async function textsOf(place: GitPlace, blobs: readonly string[]): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  if (blobs.length === 0) return texts;
  const output = await ask(place, ["cat-file", "--batch"], `${[...new Set(blobs)].join("\n")}\n`);
  for (let at = 0; at < output.length; ) {
    const lineEnd = output.indexOf(10, at);
    const [blob = "", kind = "", size = "0"] = output.subarray(at, lineEnd).toString("latin1").split(" ");
    if (kind !== "blob") {
      at = lineEnd + 1;
      continue;
    }
    const end = lineEnd + 1 + Number(size);
    if (Number(size) <= MAX_FILE) texts.set(blob, output.subarray(lineEnd + 1, end).toString("utf8"));
    at = end + 1;
  }
  return texts;
}

async function graphsOf(place: GitPlace, tree: Tree, scope: Scope, known: KnownTexts): Promise<MigrationGraph[]> {
  const wanted = [...tree].filter(([path]) => isMigrationPath(path, scope.sqlDirectories));
  const texts = await textsOf(
    place,
    wanted.map(([, blob]) => blob),
  );
  const byPath = new Map(
    wanted.flatMap(([path, blob]) => (texts.has(blob) ? [[path, texts.get(blob)!] as const] : [])),
  );
  return graphsFromTexts([...tree.keys()].sort(), byPath, scope.sqlDirectories, known);
}

/**
 * Migrations that the base's tree holds and the head's lacks. Needs the two trees alone, so it is known where the history is not.
 * Alembic and Django migrations are compared by id, the others by file name. Throws GitFailure.
 */
async function findLostMigrations(place: GitPlace, head: string, base: string, scope: Scope): Promise<LostMigration[]> {
  const [headTree, baseTree] = await Promise.all([
    treeOf(place, head, scope.folder),
    treeOf(place, base, scope.folder),
  ]);
  const gone = [...baseTree.keys()].filter(
    (path) => isMigrationPath(path, scope.sqlDirectories) && !headTree.has(path),
  );
  if (gone.length === 0) return [];
  const known: KnownTexts = new Map();
  const [headGraphs, baseGraphs] = await Promise.all([
    graphsOf(place, headTree, scope, known),
    graphsOf(place, baseTree, scope, known),
  ]);
  const missing = new Set(gone);
  return baseGraphs.flatMap((graph) => {
    const files = headGraphs.filter((other) => other.tool === graph.tool).flatMap((other) => other.files);
    const byId = graph.tool === "alembic" || graph.tool === "django";
    const ids = new Set(files.flatMap((file) => [file.id, ...file.replaces]));
    const names = new Set(files.map((file) => nameOf(graph, file.path)));
    return graph.files
      .filter((file) => missing.has(file.path))
      .filter((file) => !(byId && file.id !== null ? ids.has(file.id) : names.has(nameOf(graph, file.path))))
      .map(({ path, id }) => ({ path, tool: graph.tool, revision: byId ? id : null }));
  });
}

/** As `findLostMigrations`; where git cannot answer, the reason. */
export async function lostMigrations(
  place: GitPlace,
  head: string,
  base: string,
  scope: Scope,
): Promise<ComparedHistory["lostMigrations"]> {
  try {
    return await findLostMigrations(place, head, base, scope);
  } catch (error) {
    if (!(error instanceof GitFailure)) throw error;
    return {
      missing: `the migrations of both sides could not be read: ${error.message}`,
      remedy: "Fetch both commits with their files (a checkout without filter, or git fetch --refetch).",
    };
  }
}

/** What a tool knows a file by: its name; where all files have one name, as Prisma's and `up.sql` do, their folders count. */
function nameOf(graph: MigrationGraph, path: RepoPath): string {
  const parts = path.split("/");
  return graph.tool === "prisma" || parts.at(-1) === "up.sql" ? (parts.at(-2) ?? "") : (parts.at(-1) ?? "");
}

/** The migration files of a deployed commit and how the workspace's differ from them. Throws GitFailure. */
export async function readDeployedMigrations(
  place: GitPlace,
  commit: string,
  scope: Scope,
  workspace: Workspace,
): Promise<Pick<DeployedMigrations, "files" | "held">> {
  const tree = await treeOf(place, commit, scope.folder);
  const migrations = [...tree].filter(([path]) => isMigrationPath(path, scope.sqlDirectories));
  const changed = migrations.filter(([path, blob]) => {
    const entry = workspace.files.get(path);
    return entry !== undefined && entry.blob !== blob;
  });
  const texts = await textsOf(
    place,
    changed.map(([, blob]) => blob),
  );
  const edits = new Map<RepoPath, DeployedMigration["edited"]>();
  for (const [path, blob] of changed) {
    edits.set(path, editOf(path, texts.get(blob), workspace.read(path)?.text()));
  }
  const files = migrations.map(([path]) => ({ path, edited: edits.get(path) ?? "no" }));
  return { files, held: heldMigrations(tree, scope, workspace) };
}

/** The workspace's migrations that a tree holds too: by name, or unchanged under a name that is gone here. */
export function heldMigrations(tree: Tree, scope: Scope, { files }: Workspace): RepoPath[] {
  const gone = new Set<string>();
  for (const [path, blob] of tree) if (isMigrationPath(path, scope.sqlDirectories) && !files.has(path)) gone.add(blob);
  return files.entries
    .filter(
      ({ path, blob }) =>
        isMigrationPath(path, scope.sqlDirectories) && (tree.has(path) || (blob !== null && gone.has(blob))),
    )
    .map(({ path }) => path);
}

function editOf(path: RepoPath, before: string | undefined, now: string | undefined): DeployedMigration["edited"] {
  if (before === undefined || now === undefined) return "no";
  const plain = (text: string): string => text.replace(/^\ufeff/, "").replaceAll("\r\n", "\n");
  if (plain(before) === plain(now)) return "no";
  return essenceOfFile(path, before) === essenceOfFile(path, now) ? "comments" : "code";
}
