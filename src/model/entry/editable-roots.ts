import { directoryOf } from "../../text/paths.ts";
import type { SearchRoot } from "../../types/entry.ts";
import type { Image } from "../../types/image.ts";
import type { RepoPath } from "../../types/text.ts";
import { type EditableInstall, editableInstalls } from "../image/installs.ts";
import { type Distribution, normalised } from "../python/distributions.ts";
import { joinPath, type Places } from "./places.ts";

type Read = (directory: RepoPath) => Distribution | null;

/**
 * Directories of the final image that editable installs put on sys.path: those of the project, and of the members of its workspace
 * and the paths that it depends on. Sources that the image does not hold give none.
 */
export function editableRoots(image: Image, places: Places, read: Read): SearchRoot[] {
  const roots: SearchRoot[] = [];
  for (const install of editableInstalls(image)) {
    const directory = directoryIn(install, image);
    if (directory === null) continue;
    for (const repository of installedFrom(install, directory, read)) {
      // A workspace keeps its shape in the image: its members are found by relative paths.
      const root = joinPath(install.path, relative(directory, repository));
      if (places.answer(root).status !== "directory" || roots.some((one) => one.image === root)) continue;
      roots.push({ image: root, repository, from: "editable" });
    }
  }
  return roots;
}

/** The repository directory of the project, by where its pyproject.toml or setup.py comes from. */
function directoryIn({ run, path }: EditableInstall, image: Image): RepoPath | null {
  for (const name of ["pyproject.toml", "setup.py"]) {
    for (const files of [run.files, image.files]) {
      const answer = files.answer(joinPath(path, name));
      if (answer.status === "present" && answer.file.source !== null) return directoryOf(answer.file.source);
    }
  }
  return null;
}

/** Repository directories that the install puts on sys.path. */
function installedFrom({ member, always }: EditableInstall, directory: RepoPath, read: Read): RepoPath[] {
  const own = read(directory);
  if (own === null) return always ? [directory] : [];
  const workspace = workspaceOf(directory, read);
  const members = new Map<string, Distribution>();
  for (const path of workspace?.members ?? []) {
    const one = read(path);
    if (one?.name) members.set(one.name, one);
  }
  const first =
    member === null ? [own] : member === "all" ? [own, ...members.values()] : [members.get(normalised(member.name))];
  const queue = first.filter((one) => one !== undefined);
  const seen = new Set<Distribution>();
  for (let one = queue.pop(); one; one = queue.pop()) {
    if (seen.has(one)) continue;
    seen.add(one);
    const copied = [...one.copied, ...(workspace?.copied ?? [])];
    for (const name of one.dependencies) {
      const other = members.get(name);
      if (other && !copied.includes(name)) queue.push(other);
    }
    for (const path of one.editablePaths) queue.push(...[read(path)].filter((other) => other !== null));
  }
  return [...seen].flatMap((one) => (one.isPackage || (always && one === own) ? one.sourceRoots : []));
}

/** The root of uv's workspace that a directory belongs to: the nearest upwards that has it as a member, or itself. */
function workspaceOf(directory: RepoPath, read: Read): Distribution | null {
  for (let at = directory; ; at = directoryOf(at)) {
    const one = read(at);
    if (one?.members && (at === directory || one.members.includes(directory))) return one;
    if (at === "") return null;
  }
}

/** A repository path as another directory sees it. */
function relative(from: RepoPath, to: RepoPath): string {
  const base = from === "" ? [] : from.split("/");
  const rest = to === "" ? [] : to.split("/");
  let shared = 0;
  while (shared < base.length && shared < rest.length && base[shared] === rest[shared]) shared++;
  return [...base.slice(shared).map(() => ".."), ...rest.slice(shared)].join("/");
}
