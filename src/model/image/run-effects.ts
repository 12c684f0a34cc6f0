import { absolute, baseName } from "../../text/paths.ts";
import type { Location } from "../../types/text.ts";
import type { Layer } from "./image-files.ts";
import { shellCommands } from "./shell-lines.ts";

/**
 * Names of directories into which builds write. Only names that hold no sources: what else a build makes is not tracked,
 * and an untracked path is never claimed to be missing after a RUN.
 */
const BUILD_OUTPUTS: ReadonlySet<string> = new Set(
  "dist build out .next .nuxt .output .svelte-kit .vercel generated __generated__ gen target obj release publish es esm cjs umd node_modules staticfiles www _site storybook-static wheels".split(
    " ",
  ),
);
const PACKAGES: ReadonlySet<string> = new Set(["node_modules", ".yarn", ".pnp.cjs", ".pnp.loader.mjs"]);
const VENDORED: ReadonlySet<string> = new Set(["vendor"]);

const JS_BUILD =
  /^(npm|pnpm|yarn|bun|npx|pnpx|bunx|tsc|tsup|swc|babel|next|nuxt|nuxi|vite|webpack|rollup|esbuild|ng|nx|turbo|lerna|gatsby|astro|remix|svelte-kit|vue-cli-service|react-scripts|parcel|gulp|grunt|rush|wasp|expo|nest|prisma|ncc|node|node-gyp|deno)$/;
const BUILD_TOOLS =
  /^(make|cmake|ninja|bazel|mvn|mvnw|gradle|gradlew|sbt|ant|cargo|dotnet|msbuild|swift|mix|rebar3|stack|cabal|rails|rake|hugo|jekyll|protoc|buf|flutter|dart|sam|go)$/;
const OUTPUT_OPTIONS =
  /^(-o|--output|--out|--outdir|--outDir|--out-dir|--output-path|--dist-dir|--distDir|--dest|--destination|--target|-d|--prefix|--target-dir|--python_out|--grpc_python_out|--js_out|--ts_out|--go_out)$/;
/** Of these, the ones that take a directory whatever the tool. */
const DIRECTORY_OPTIONS = /^--(?:out-?dir|dist-?dir|target-dir|prefix|\w+_out)(?:=|$)/i;

/** What single files may be called where they are copied to: the place itself, or a name below it. Null where a source is not written out. */
function namesOf(sources: readonly string[]): ReadonlySet<string> | null {
  const names = sources.map(baseName);
  return sources.length === 0 || names.some((name) => name === "" || name === "." || /[*?[{$`]/.test(name))
    ? null
    : new Set(["", ...names]);
}

/** What a RUN may do to the files of its stage. `cwd` null: not known. */
export function runEffects(text: string, cwd: string | null, place: Location): Layer[] {
  const layers: Layer[] = [{ kind: "command" }];
  let here = cwd;
  const at = (path: string): string | null => {
    if (/[$`]/.test(path)) return null;
    const plain = path.startsWith("~") ? `/root${path.slice(1)}` : path;
    return plain.startsWith("/") ? absolute("/", plain) : here === null ? null : absolute(here, plain);
  };
  const unknown = (path: string | null, reason: string, names: ReadonlySet<string> | null = null): void => {
    layers.push({ kind: "unknown", at: path ?? here ?? "/", names, reason, place });
  };
  /** A directory of which only the place is known. */
  const filled = (path: string | null, reason: string): void => {
    if (path !== null) layers.push({ kind: "directory", at: path });
    unknown(path, reason);
  };
  const removed = (path: string): void => {
    // A glob, or a value that is not known: its directory.
    const wild = path.search(/[*?[$`{]/);
    const fixed = wild === -1 ? path : path.slice(0, path.lastIndexOf("/", wild) + 1) || ".";
    const target = at(fixed);
    if (wild !== -1 && /^[$`]/.test(path)) return;
    if (target === null) return;
    layers.push({ kind: "removed", at: target, reason: "a RUN removes files here", place, inside: wild !== -1 });
  };
  for (const words of shellCommands(text)) {
    const name = baseName(words[0] ?? "");
    const args = words.slice(1);
    const plain = args.filter((arg) => !arg.startsWith("-"));
    const option = (...names: string[]): string | null => {
      for (const [index, arg] of args.entries()) {
        for (const one of names) {
          if (arg === one) return args[index + 1] ?? null;
          if (one.startsWith("--") && arg.startsWith(`${one}=`)) return arg.slice(one.length + 1);
        }
      }
      return null;
    };
    for (const [index, word] of words.entries()) {
      const target = /^\d*>>?$/.test(word)
        ? words[index + 1]
        : /^\d*>>?[^&>]/.test(word)
          ? word.replace(/^\d*>>?/, "")
          : undefined;
      if (target && !target.startsWith("/dev/")) unknown(at(target), "a RUN writes it");
    }
    switch (name) {
      case "cd":
      case "pushd":
        here = plain[0] === undefined ? "/root" : at(plain[0]);
        continue;
      case "mkdir":
        for (const directory of plain) {
          const target = at(directory);
          if (target !== null && !/[{*]/.test(target)) layers.push({ kind: "directory", at: target });
        }
        continue;
      case "rm":
      case "rmdir":
      case "unlink":
        for (const path of plain) removed(path);
        continue;
      case "find":
        if (args.includes("-delete") || args.includes("rm")) for (const path of plain.slice(0, 1)) removed(path);
        continue;
      case "mv":
        for (const path of plain.slice(0, -1)) removed(path);
        unknown(at(plain.at(-1) ?? "."), "a RUN moves files here");
        continue;
      case "cp":
      case "install":
      case "rsync":
      case "ln": {
        // `./aws/install`: a program of its own.
        if (/\//.test(words[0] ?? "") && !/(?:^|\/)s?bin\/[^/]+$/.test(words[0] ?? "")) continue;
        const given = option("-t", "--target-directory");
        const target = given ?? (plain.length > 1 ? plain.at(-1) : ".");
        const sources = plain.filter((one) => one !== target);
        unknown(
          at(target ?? "."),
          name === "ln" ? "a RUN makes a link here" : "a RUN copies files here",
          name === "rsync" || args.some((arg) => /^-\w*[rRad]|^--(?:recursive|archive|directory)/.test(arg))
            ? null
            : namesOf(sources),
        );
        continue;
      }
      case "touch":
      case "tee":
      case "truncate":
      case "sed":
      case "envsubst":
        for (const path of plain) if (/[./]/.test(path) && !/[;{}\\ ]/.test(path)) unknown(at(path), "a RUN writes it");
        continue;
      case "colcon":
        for (const path of ["build", "install", "log"]) unknown(at(path), "a RUN builds here");
        continue;
      case "git": {
        if (args[0] !== "clone") continue;
        const [, url, directory] = plain;
        filled(at(directory ?? baseName(url ?? ".").replace(/\.git$/, "")), "a RUN clones a repository here");
        continue;
      }
      case "curl": {
        const target = option("-o", "--output");
        if (target !== null) unknown(at(target), "a RUN downloads it");
        else if (args.some((arg) => /^-[a-zA-Z]*O/.test(arg)))
          for (const url of plain) unknown(at(baseName(url)), "a RUN downloads it");
        const inside = args.find((arg) => /^-[a-zA-Z]+o$/.test(arg));
        if (inside) unknown(at(args[args.indexOf(inside) + 1] ?? "."), "a RUN downloads it");
        continue;
      }
      case "wget": {
        const target =
          option("-O", "--output-document") ??
          args.find((arg) => /^-[a-zA-Z]*O./.test(arg))?.replace(/^-[a-zA-Z]*O/, "");
        if (target) unknown(at(target), "a RUN downloads it");
        else for (const url of plain) unknown(at(baseName(url)), "a RUN downloads it");
        continue;
      }
      case "tar":
        if (/x/.test(args[0] ?? "") || args.some((arg) => arg === "--extract"))
          filled(at(option("-C", "--directory") ?? "."), "a RUN unpacks an archive here");
        continue;
      case "unzip":
      case "7z":
        filled(at(option("-d") ?? "."), "a RUN unpacks an archive here");
        continue;
      case "chmod":
      case "chown":
      case "echo":
      case "export":
      case "set":
      case "apt-get":
      case "apk":
      case "true":
        continue;
    }
    const output = args.findIndex((arg) => OUTPUT_OPTIONS.test(arg.split("=", 1)[0]!));
    if (output !== -1 && (JS_BUILD.test(name) || BUILD_TOOLS.test(name))) {
      const value = args[output]!.includes("=")
        ? args[output]!.slice(args[output]!.indexOf("=") + 1)
        : args[output + 1];
      // `go build -o` names a file.
      const names = DIRECTORY_OPTIONS.test(args[output]!) || name === "dotnet" || name === "msbuild" ? filled : unknown;
      if (value !== undefined && !value.startsWith("-")) names(at(value), "a RUN builds it");
    }
    if (
      /^(npm|pnpm|yarn|bun)$/.test(name) &&
      /^(ci|i|install|add|rebuild|prune|config|cache|set|)$/.test(plain[0] ?? "")
    ) {
      unknown(here, "a RUN installs packages", PACKAGES);
    } else if (JS_BUILD.test(name) || BUILD_TOOLS.test(name)) unknown(here, "a RUN builds it", BUILD_OUTPUTS);
    else if (name === "composer" || name === "bundle") unknown(here, "a RUN installs packages", VENDORED);
    else if (args.includes("collectstatic")) unknown(here, "a RUN collects files", BUILD_OUTPUTS);
  }
  return layers;
}
