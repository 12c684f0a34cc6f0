import { nearestNames } from "../../text/nearest.ts";
import type { DockerfileSyntax } from "../../types/dockerfile.ts";
import type { Build } from "../../types/image.ts";
import type { Check } from "../../types/rule.ts";
import type { RepoPath } from "../../types/text.ts";
import { makeCollector, severityIn } from "./reporting.ts";

/** Frontends whose grammar the parser has; another one that `# syntax=` names may know more instructions. */
const KNOWN_FRONTEND = /^(?:docker\.io\/)?docker\/dockerfile(?:-upstream)?(?:[:@]|$)/;

export const dockerfileInvalid: Check<"images", "dockerignore/dockerfile-invalid"> = {
  needs: ["images"],
  *run({ images }) {
    const collector = makeCollector();
    const unread = new Map<string, Build>();
    for (const { build, syntax, path } of images.images) {
      if (path === null || build.madeBefore.length > 0 || isPart(build, path)) continue;
      if (syntax === null) {
        const { dockerfile } = build;
        if (dockerfile.kind === "file" && dockerfile.exists && build.deployed && !unread.has(path))
          unread.set(path, build);
        continue;
      }
      const [refused] = syntax.errors;
      // buildah runs a preprocessor over X.in.
      if (!refused || path.endsWith(".in") || !(syntax.syntax === null || KNOWN_FRONTEND.test(syntax.syntax))) continue;
      collector.add({
        severity: severityIn(build, build.pulled ? "warning" : "error"),
        message: `The build of ${build.name} fails before its first step: ${refused.message}. ${remedy(refused.message, syntax)}`,
        subject: refused.message,
        at: { path, ...refused.range },
      });
    }
    yield* collector.list();
    for (const [path, build] of unread)
      yield {
        undecided: `${path}, from which ${build.name} is built, could not be read, so what the image holds is not known.`,
        remedy: `Make it a plain text file in UTF-8, inside the repository; why it is not read stands in the list of unread files.`,
      };
  },
};

/** Whether a file that was merely found may be a part or a template of a Dockerfile: `Dockerfile.metadata`, `Dockerfile.final`. */
function isPart({ origin }: Build, path: RepoPath): boolean {
  return origin === "search" && !/(?:^|\/)(?:Docker|Container)file$/i.test(path);
}

function remedy(message: string, syntax: DockerfileSyntax): string {
  const keyword = /^unknown instruction: (.+)$/.exec(message)?.[1];
  if (keyword !== undefined) {
    const known = [
      "FROM",
      "RUN",
      "COPY",
      "ADD",
      "ENV",
      "ARG",
      "WORKDIR",
      "CMD",
      "ENTRYPOINT",
      "EXPOSE",
      "USER",
      "LABEL",
    ];
    const [meant] = keyword.length > 2 ? nearestNames(keyword, known, 1) : [];
    if (meant !== undefined) return `Write ${meant}.`;
    return syntax.instructions[0]?.keyword === keyword
      ? "A Dockerfile starts with FROM."
      : `Where the line belongs to the one above, end that with \`${syntax.escape}\`.`;
  }
  if (message === "file with no instructions") return "Write it, FROM first.";
  if (message === "unterminated heredoc")
    return "Write its last word alone on a line, without spaces before or after it.";
  if (/stage/.test(message) && !message.startsWith("invalid name")) return "Write the FROM of the image first.";
  return "Mend the line.";
}
