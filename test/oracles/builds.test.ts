import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { showImages } from "../../src/reports/show-image.ts";
import { parseIgnoreFile } from "../../src/sources/dockerignore.ts";
import { createIgnoreMatcher } from "../../src/sources/dockerignore-walk.ts";
import { modelIn } from "../support/models.ts";
import { runFolder } from "../support/run-tree.ts";
import { type BuildCase, cases, randomCases } from "./build-cases.ts";
import { type RealBuilder, realBuilders } from "./builders.ts";

const builders = realBuilders();
const scratch = mkdtempSync(join(tmpdir(), "predeploy-builds-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** More of them: BUILDS=500 npx vitest run test/oracles/builds.test.ts; elsewhere: FUZZ_SEED. */
const count = Number(process.env["BUILDS"] ?? 20);
const repositories = ["incident-modules-broken", "incident-modules-mended", "image-broken", "image-mended"];

describe("an image is what a real build makes of it", () => {
  if (builders.length === 0)
    test.skip("no engine runs here: start Docker, or BuildKit and set BUILDKIT_HOST, to compare with real builds", () => {});
  for (const builder of builders) {
    for (const one of [...cases, ...randomCases(count)])
      test.skipIf(one.only !== undefined && one.only !== builder.kind)(`${builder.name}: ${one.title}`, async () => {
        const directory = mkdtempSync(join(scratch, "case-"));
        writeCase(directory, one, builder);
        await compare(directory, "Dockerfile", builder, one.files);
      });
    for (const name of repositories)
      test(`${builder.name}: the repository ${name}, from scratch and without its RUN lines`, async () => {
        const directory = mkdtempSync(join(scratch, "repository-"));
        cpSync(join(import.meta.dirname, "../repositories", name), directory, { recursive: true });
        const dockerfile = readdirSync(join(directory, "docker")).find((file) => file.endsWith(".Dockerfile"))!;
        const path = `docker/${dockerfile}`;
        const text = readFileSync(join(directory, path), "utf8");
        const copying = text.replace(/^FROM \S+/gm, "FROM scratch").replace(/^RUN .*\n/gm, "");
        writeFileSync(join(directory, path), copying);
        await compare(directory, path, builder, []);
      });
  }
});

function writeCase(directory: string, one: BuildCase, { kind }: RealBuilder): void {
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  };
  for (const path of one.files) write(path, path);
  for (const [path, target] of Object.entries(one.links ?? {})) symlinkSync(target, join(directory, path));
  if (one.ignore !== undefined) write(".dockerignore", one.ignore);
  write("Dockerfile", `FROM scratch AS first\n${one.dockerfile}\nCMD ["/none"]\n`);
  write("predeploy.yml", `version: 1\nimages:\n  image: { dockerfile: Dockerfile, context: ., builder: ${kind} }\n`);
}

/** Where the build fails, a finding says so; where it does not, the file lists and the origin of each file are the same. */
async function compare(
  directory: string,
  dockerfile: string,
  builder: RealBuilder,
  contents: readonly string[],
): Promise<void> {
  const built = builder.build(directory, dockerfile);
  if ("failed" in built) {
    const { findings } = await runFolder(directory, ["dockerignore"]);
    const said = findings.filter(({ rule }) => /copy-|pattern-invalid/.test(rule)).map(({ severity }) => severity);
    expect(said, built.failed).toContain("error");
    return;
  }
  const images = await modelIn("images", directory);
  const shown = showImages(images).images.find((one) => one.dockerfile === dockerfile)!;
  const unknown = shown.unknown.filter((path) => path !== "/.git");
  expect(unknown).toEqual([]);
  expect(shown.files.map(({ path }) => path)).toEqual([...built.files.keys()].sort());
  const lines = existsSync(join(directory, ".dockerignore"))
    ? readFileSync(join(directory, ".dockerignore"), "utf8")
    : "";
  const old = createIgnoreMatcher(parseIgnoreFile(lines).patterns, "old");
  for (const { path, source } of shown.files) {
    const text = built.files.get(path) ?? null;
    if (source === null || text === null || !contents.includes(source)) continue;
    // BuildKit asks the ignore file twice, in two ways: for the walk, and with each path's parents when it opens the file.
    const isEmpty = builder.kind === "buildkit" && old.test(source).excluded;
    expect([path, text]).toEqual([path, isEmpty ? "" : source]);
  }
}
