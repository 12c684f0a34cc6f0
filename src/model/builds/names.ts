import type { Build } from "../../types/image.ts";

/** What tells an image apart from others: the last part of its name, in lower case, without registry, owner and tag. */
export function imageName(text: string): string {
  return text
    .replace(/[:@][^/]*$/, "")
    .replace(/.*\//, "")
    .toLowerCase();
}

/** An image without an owner is Docker's own. */
export function isOfficial(image: string): boolean {
  return !image.includes("/") && !/^[\w-]*(?:app|api|web|backend|service|server)\b/.test(image);
}

/** Names under which manifests may know the image of a build, in lower case. */
export function namesOf(build: Build): Set<string> {
  const names = [build.name];
  if (build.context.kind === "directory") names.push(build.context.path);
  if (build.dockerfile.kind === "file") {
    const parts = build.dockerfile.path.split("/");
    const file = parts.pop() ?? "";
    names.push(
      parts.at(-1) ?? "",
      /^(.+)\.(?:docker|container)file$/i.exec(file)?.[1] ?? "",
      /^(?:docker|container)file[.-](.+)$/i.exec(file)?.[1] ?? "",
    );
  }
  return new Set(names.map(imageName).filter((name) => name !== ""));
}
