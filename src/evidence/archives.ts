import type { ArchiveAnswer, ArchiveReader } from "../types/image.ts";
import type { EvidenceProvider } from "../types/model.ts";
import type { RepoPath } from "../types/text.ts";
import type { Workspace } from "../types/workspace.ts";

/** Larger archives are known to be archives; their members are not listed. */
const MAX_UNPACKED = 64 * 1024 * 1024;
const MAX_MEMBERS = 50_000;
const BLOCK = 512;

const COMPRESSED: readonly (readonly number[])[] = [
  [0x42, 0x5a, 0x68],
  [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00],
  [0x28, 0xb5, 0x2f, 0xfd],
];

/** Looks into files of the repository that ADD may unpack, when asked. Reads contents only. */
export const archivesProvider: EvidenceProvider<"archives", never> = {
  needs: [],
  facts: [],
  load: async ({ workspace }) => archiveReader(workspace),
};

/** A reader over a workspace; each path is looked into once. */
export function archiveReader(workspace: Pick<Workspace, "files" | "read">): ArchiveReader {
  const known = new Map<RepoPath, ArchiveAnswer>();
  return {
    read(path) {
      let answer = known.get(path);
      if (!answer) {
        const source = workspace.files.has(path) ? workspace.read(path) : null;
        answer = source ? readArchive(source.bytes()) : { kind: "unknown", reason: `${path} cannot be read` };
        known.set(path, answer);
      }
      return answer;
    },
  };
}

/** What ADD makes of these bytes: identity, gzip, bzip2, xz and zstd are told by content, as the builder does. */
export function readArchive(bytes: Buffer): ArchiveAnswer {
  if (bytes.subarray(0, 43).toString("latin1").startsWith("version https://git-lfs.github.com/spec/"))
    return { kind: "unknown", reason: "a Git LFS pointer: its content is not here" };
  if (bytes[0] === 0x1f && bytes[1] === 0x8b && bytes[2] === 0x08) {
    try {
      const { gunzipSync } = process.getBuiltinModule("node:zlib");
      return tarAnswer(gunzipSync(bytes, { maxOutputLength: MAX_UNPACKED })) ?? { kind: "file" };
    } catch (error) {
      const tooLarge = (error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE";
      return tooLarge ? { kind: "unknown", reason: "the archive is too large to list" } : { kind: "file" };
    }
  }
  // Members of these are not listed: Node has no reader for them.
  if (COMPRESSED.some((magic) => magic.every((byte, index) => bytes[index] === byte)))
    return { kind: "archive", members: null };
  return tarAnswer(bytes) ?? { kind: "file" };
}

/** Members of a tar; null when the first header is none. Directories end in `/`. */
function tarAnswer(bytes: Buffer): ArchiveAnswer | null {
  const members: string[] = [];
  let longName: string | null = null;
  for (let at = 0; at + BLOCK <= bytes.length && members.length < MAX_MEMBERS; ) {
    const header = bytes.subarray(at, at + BLOCK);
    if (header.every((byte) => byte === 0)) break;
    if (!isHeader(header)) return at === 0 ? null : { kind: "archive", members: null };
    const size = numberAt(header, 124, 12);
    const type = String.fromCharCode(header[156]!);
    const body = bytes.subarray(at + BLOCK, at + BLOCK + size);
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
    if (type === "L") {
      longName = textOf(body);
      continue;
    }
    if (type === "x") {
      longName = /(?:^|\n)\d+ path=([^\n]*)\n/.exec(body.toString("utf8"))?.[1] ?? longName;
      continue;
    }
    if (type === "g" || type === "K") continue;
    const prefix = header.subarray(257, 262).toString("latin1") === "ustar" ? textOf(header.subarray(345, 500)) : "";
    const name: string = longName ?? (prefix === "" ? "" : `${prefix}/`) + textOf(header.subarray(0, 100));
    longName = null;
    if (type === "5") members.push(name.endsWith("/") ? name : `${name}/`);
    else if (name !== "") members.push(name.replace(/\/+$/, ""));
  }
  return members.length === 0 && bytes.length < BLOCK ? null : { kind: "archive", members };
}

function textOf(bytes: Buffer): string {
  const end = bytes.indexOf(0);
  return bytes.subarray(0, end === -1 ? undefined : end).toString("utf8");
}

function numberAt(header: Buffer, start: number, length: number): number {
  // Base-256, for sizes that octal cannot hold.
  if ((header[start]! & 0x80) !== 0) return Number.MAX_SAFE_INTEGER;
  const value = Number.parseInt(
    header
      .subarray(start, start + length)
      .toString("latin1")
      .replace(/\0.*$/s, "")
      .trim() || "0",
    8,
  );
  return Number.isNaN(value) ? 0 : value;
}

/** A tar header is told by its checksum: the sum of its bytes with the checksum itself as spaces. */
function isHeader(header: Buffer): boolean {
  const said = numberAt(header, 148, 8);
  let sum = 0;
  for (let at = 0; at < BLOCK; at++) sum += at >= 148 && at < 156 ? 32 : header[at]!;
  return said === sum;
}
