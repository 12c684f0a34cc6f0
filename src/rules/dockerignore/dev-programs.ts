import type { Image, ImageContentsModel, RunStep } from "../../types/image.ts";
import { isInstall, lifecycleCommands, rewritesScripts } from "./install-scripts.ts";
import { commandsOf } from "./shell-text.ts";

/** Whether an install of npm or pnpm leaves devDependencies out. */
function leavesOut(words: readonly string[], { environment }: RunStep): boolean {
  const text = ` ${words.slice(1).join(" ")} `;
  if (/ --(?:include[= ]dev|prod(?:uction)?=false|dev) /.test(text)) return false;
  return (
    / (?:--omit[= ]dev|--prod(?:uction)?(?:=true)?|-P|--only[= ]prod(?:uction)?) /.test(text) ||
    environment.get("NODE_ENV") === "production"
  );
}

const installsIn = (words: readonly string[]): boolean => /^p?npm$/.test(words[0] ?? "") && isInstall(words);

/** The program of a script's command that an install without devDependencies lacks; null for any other command. */
const programOf = (words: readonly string[], programs: ReadonlySet<string>): string | null =>
  programs.has(words[0] ?? "") ? words[0]! : null;

/** What the scripts of an install run that this very install leaves out: `"prepare": "husky"` under `npm ci --omit=dev`. */
export function leftOutByInstall(
  words: readonly string[],
  cwd: string | null,
  run: RunStep,
  contents: ImageContentsModel,
): { program: string; script: readonly string[] }[] {
  if (!installsIn(words) || !leavesOut(words, run)) return [];
  const found = lifecycleCommands(words, cwd, run, contents);
  return (found?.commands ?? []).flatMap((script) => {
    const program = programOf(script, found!.package.devPrograms);
    return program === null || isBrought(program, run.text) ? [] : [{ program, script }];
  });
}

/** Whether something else brings the program: `npm install -g tsx`. */
const isBrought = (program: string, text: string): boolean =>
  text.split(/[\s"'@]+/).some((word) => word === program || word.endsWith(`/${program}`));

/**
 * The program with which a script of a package.json in the image starts, where every install beside it leaves devDependencies out and nothing
 * else can have brought it; null otherwise. `path`: the package.json, `imagePath`: where it lies.
 */
export function leftOutOfImage(
  script: string,
  path: string,
  imagePath: string,
  image: Image,
  contents: ImageContentsModel,
): string | null {
  const { scripts, devPrograms } = contents.packageOf(path);
  const text = scripts.get(script);
  if (text === undefined || devPrograms.size === 0 || /\|\||[;$`]/.test(text)) return null;
  const last = [...commandsOf(text, "/")].at(-1)?.words ?? [];
  const program = programOf(last, devPrograms);
  if (program === null) return null;
  // What is mounted, or comes from the machine that builds, may hold all of them.
  if (image.build.run?.mounts.length || mayBringHosts(image) || rewritesScripts(image)) return null;
  const base = baseOf(image);
  if (base === null || !/^(?:docker\.io\/)?(?:library\/)?node(?::|@|$)/.test(base)) return null;
  const directory = imagePath.slice(0, imagePath.lastIndexOf("/")) || "/";
  let installs = 0;
  for (const run of image.runs) {
    if (!run.final) continue;
    if (isBrought(program, run.text)) return null;
    for (const { words, cwd } of commandsOf(run.text, run.workdir)) {
      if (!/^(?:npm|pnpm|yarn|bun)$/.test(words[0] ?? "")) continue;
      if (!installsIn(words) || cwd !== directory) {
        if (/^(?:i|install|add|ci|run)$/.test(words[1] ?? "install")) return null;
        continue;
      }
      if (!leavesOut(words, run)) return null;
      installs++;
    }
  }
  const isCopied = image.copies.some(
    ({ final, sources, destination }) =>
      final &&
      sources.some(({ from }) => from !== "context" && from !== "generated") &&
      (destination.path === null ||
        `${directory}/`.startsWith(`${destination.path}/`) ||
        destination.path.startsWith(`${directory}/node_modules`)),
  );
  return installs > 0 && !isCopied ? program : null;
}

/** Whether `COPY . .` takes along the node_modules of a machine where everything is installed. */
function mayBringHosts({ build, context, copies }: Image): boolean {
  if (build.ciOnly && build.madeBefore.length === 0) return false;
  const { root } = context;
  if (root === null) return true;
  const isWhole = copies.some(
    ({ final, sources }) =>
      final && sources.some(({ from, path }) => from === "context" && (path === "." || path === "")),
  );
  return isWhole && context.filter(root === "" ? "node_modules" : `${root}/node_modules`).status !== "ignored";
}

/** The image that the final stage starts from, through other stages. */
function baseOf({ final, stages }: Image): string | null {
  let stage = final;
  for (let parent = stage?.parent ?? null; parent !== null; parent = stage?.parent ?? null)
    stage = stages[parent] ?? null;
  return stage?.base ?? null;
}
