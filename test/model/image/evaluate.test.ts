import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { archiveReader } from "../../../src/evidence/archives.ts";
import { completeBuild, startOf } from "../../../src/model/builds/definition.ts";
import { contextView } from "../../../src/model/image/context-view.ts";
import { evaluateImage } from "../../../src/model/image/evaluate.ts";
import { parseDockerfile } from "../../../src/sources/dockerfile.ts";
import { parseIgnoreFile } from "../../../src/sources/dockerignore.ts";
import type { Image } from "../../../src/types/image.ts";
import { type MemoryFile, memoryWorkspace } from "../../../src/workspace/memory.ts";

const CONTEXT: Record<string, string | MemoryFile> = {
  "main.py": "main",
  "setup.cfg": "",
  ".env.example": "",
  "src/a.py": "a",
  "src/b.py": "b",
  "src/util/c.py": "c",
  "docs/x.md": "",
  "docs/deep/y.md": "",
  "link.py": { target: "src/a.py" },
  srclink: { target: "src" },
};

function imageOf(
  dockerfile: string,
  options: {
    files?: Record<string, string | MemoryFile>;
    ignore?: string;
    target?: string;
    args?: Record<string, string>;
  } = {},
): Image {
  const workspace = memoryWorkspace(options.files ?? CONTEXT);
  const build = completeBuild(
    {
      name: "image",
      origin: "config",
      at: startOf("predeploy.yml"),
      context: { kind: "directory", path: "" },
      dockerfile: "Dockerfile",
      target: options.target ?? null,
      args: new Map(Object.entries(options.args ?? {})),
    },
    "image",
    workspace.files,
  );
  const context = contextView({
    tree: workspace.files,
    linkTarget: workspace.linkTarget,
    root: "",
    builder: "buildkit",
    ignore:
      options.ignore === undefined
        ? null
        : { path: ".dockerignore", syntax: parseIgnoreFile(options.ignore), unsure: false },
    upload: null,
  });
  return evaluateImage({
    build,
    syntax: parseDockerfile(dockerfile),
    path: "Dockerfile",
    context,
    named: new Map(),
    tree: workspace.files,
    archives: archiveReader(workspace),
  });
}

const listed = (image: Image) =>
  image.files.list().map(({ path, source }) => (source === null ? path : `${path} ${source}`));

describe("COPY", () => {
  test.each<[string, string, string[]]>([
    [
      "a directory's contents, not its name",
      "COPY src /a",
      ["/a/a.py src/a.py", "/a/b.py src/b.py", "/a/util/c.py src/util/c.py"],
    ],
    [
      "a trailing slash and dot change nothing",
      "COPY src/. /a",
      ["/a/a.py src/a.py", "/a/b.py src/b.py", "/a/util/c.py src/util/c.py"],
    ],
    ["a file under a new name", "COPY src/a.py /e", ["/e src/a.py"]],
    ["a file into a directory", "COPY src/a.py /e/", ["/e/a.py src/a.py"]],
    ["a file into a directory that exists", "WORKDIR /e\nCOPY src/a.py /e", ["/e/a.py src/a.py"]],
    ["a relative destination", "WORKDIR /w\nWORKDIR x\nCOPY main.py ./y/", ["/w/x/y/main.py main.py"]],
    ["a glob takes one segment", "COPY *.py /g/", ["/g/link.py src/a.py", "/g/main.py main.py"]],
    ["a glob takes dotfiles", "COPY *env* /g/", ["/g/.env.example .env.example"]],
    ["a glob flattens directories", "COPY d* /g/", ["/g/deep/y.md docs/deep/y.md", "/g/x.md docs/x.md"]],
    ["several matches without a slash make one file", "COPY src/*.py /one", ["/one src/b.py"]],
    ["two stars are one without --parents", "COPY **/*.py /g/", ["/g/a.py src/a.py", "/g/b.py src/b.py"].concat([])],
    ["dots stop at the root", "COPY ../../main.py /x/", ["/x/main.py main.py"]],
    ["a link that is named is followed", "COPY link.py /x/", ["/x/link.py src/a.py"]],
    ["a link to a directory is followed", "COPY srclink/util /x", ["/x/c.py src/util/c.py"]],
    ["--parents keeps the path", "COPY --parents src/util/c.py /d/", ["/d/src/util/c.py src/util/c.py"]],
    ["--parents with a pivot", "COPY --parents docs/./deep/*.md /d/", ["/d/deep/y.md docs/deep/y.md"]],
    [
      "--parents with two stars",
      "COPY --parents src/**/*.py /d/",
      ["/d/src/a.py src/a.py", "/d/src/b.py src/b.py", "/d/src/util/c.py src/util/c.py"],
    ],
    ["--exclude is relative to the source", "COPY --exclude=a.py --exclude=util src /d", ["/d/b.py src/b.py"]],
    [
      "--exclude at any depth",
      "COPY --exclude=**/*.py . /d",
      [
        "/d/.env.example .env.example",
        "/d/docs/deep/y.md docs/deep/y.md",
        "/d/docs/x.md docs/x.md",
        "/d/setup.cfg setup.cfg",
        "/d/srclink srclink",
      ],
    ],
    [
      "heredocs are files of their own",
      "COPY <<A <<'B' main.py /h/\nx\nA\ny\nB",
      ["/h/A", "/h/B", "/h/main.py main.py"],
    ],
    ["a later copy wins", "COPY src/a.py /x/f\nCOPY src/b.py /x/f", ["/x/f src/b.py"]],
    ["arguments, quotes and escapes", 'ARG D=src\nENV O=/o\nCOPY "${D}/a.py" $O/\n', ["/o/a.py src/a.py"]],
    ["a download is a file", "ADD https://x.test/a/b.tgz?x=1 /d/", ["/d/b.tgz"]],
    ["a git address is not a file", "ADD git@github.com:a/b.git#main /g", []],
    ["several files without a slash make one file", "COPY main.py setup.cfg /d", ["/d setup.cfg"]],
    ["a destination that ends in a dot is a directory", "COPY src/a.py /d/.", ["/d/a.py src/a.py"]],
    [
      "a file over a directory goes inside",
      "COPY src /d\nCOPY main.py /d/util",
      ["/d/a.py src/a.py", "/d/b.py src/b.py", "/d/util/c.py src/util/c.py", "/d/util/main.py main.py"],
    ],
    ["working directories chain and clean", "WORKDIR /a\nWORKDIR b/../c\nCOPY main.py .", ["/a/c/main.py main.py"]],
    [
      "one ENV sees the values before it, and forms of expansion",
      "ENV A=/x\nENV A=/y B=$A/b\nCOPY main.py $B/\nCOPY main.py ${Q:-/q}/\nCOPY main.py ${A:+/z}/\nCOPY main.py '/c$A/'",
      ["/c$A/main.py main.py", "/q/main.py main.py", "/x/b/main.py main.py", "/z/main.py main.py"],
    ],
    [
      "prefixes, suffixes and replacements",
      "ARG P=/app/main.py\nCOPY main.py ${P%/*}/\nCOPY main.py ${P#/app}\nCOPY main.py ${P/app/opt}",
      ["/app/main.py main.py", "/main.py main.py", "/opt/main.py main.py"],
    ],
    ["an unquoted heredoc's destination is expanded", "ARG N=z\nCOPY <<EOF /app/$N\n$N\nEOF", ["/app/z"]],
    [
      "a later exclusion of --exclude may take back",
      "COPY --exclude=*.py --exclude=!a.py --exclude=util src /d",
      ["/d/a.py src/a.py"],
    ],
  ])("%s", (_, instructions, expected) => {
    expect(listed(imageOf(`FROM scratch\n${instructions}\n`))).toEqual([...expected].sort());
  });

  test("an ignored file does not arrive, and absence names the line", () => {
    const image = imageOf("FROM scratch\nCOPY . /a\n", { ignore: "*.cfg\nsrc\n!src/a.py\n" });
    expect(image.files.placesOf("src/a.py")).toEqual(["/a/src/a.py"]);
    expect(image.files.answer("/a/src/b.py")).toMatchObject({ status: "absent" });
    expect(image.absence("src/b.py")).toMatchObject({ reason: "ignored", line: 2, pattern: "src" });
  });

  test("links inside a copied tree stay links", () => {
    const image = imageOf("FROM scratch\nCOPY . /a\n");
    expect(image.files.answer("/a/link.py")).toMatchObject({ status: "present", file: { link: "src/a.py" } });
    expect(image.files.answer("/a/srclink/b.py")).toMatchObject({ status: "present", file: { source: "src/b.py" } });
  });

  test("a link whose target is left out dangles in a tree, and is missing when it is named", () => {
    const image = imageOf("FROM scratch\nCOPY . /a\nCOPY link.py /b/\n", { ignore: "src\n" });
    expect(image.files.answer("/a/link.py")).toMatchObject({ status: "present", file: { link: "src/a.py" } });
    expect(image.copies[1]?.sources[0]).toMatchObject({ status: "missing", why: { status: "ignored", line: 1 } });
  });

  test("a directory whose contents are left out arrives empty, one that is left out itself does not", () => {
    const image = imageOf("FROM scratch\nCOPY . /a\n", { ignore: "docs/*\nsrc\n" });
    expect(image.files.answer("/a/docs")).toMatchObject({ status: "directory" });
    expect(image.files.answer("/a/src")).toMatchObject({ status: "absent" });
  });

  test("steps tell what a literal and a glob miss", () => {
    const image = imageOf("FROM scratch\nCOPY gone.py setup.cfg /a/\nCOPY *.cfg /b/\n", { ignore: "*.cfg\n" });
    const [first, second] = image.copies;
    expect(first?.sources.map(({ status, why }) => [status, why?.status])).toEqual([
      ["missing", "absent"],
      ["missing", "ignored"],
    ]);
    expect(second?.sources[0]).toMatchObject({ status: "missing", lost: [{ path: "setup.cfg" }] });
  });
});

describe("stages", () => {
  test("--from reads the root of a stage by name, number and any case", () => {
    const image = imageOf(
      "FROM scratch AS Base\nWORKDIR /w\nCOPY . .\nFROM scratch\nCOPY --from=base /w/src /m\nCOPY --from=0 w/main.py /x/\n",
    );
    expect(listed(image)).toEqual([
      "/m/a.py src/a.py",
      "/m/b.py src/b.py",
      "/m/util/c.py src/util/c.py",
      "/x/main.py main.py",
    ]);
  });

  test("a stage inherits files, directory, variables and command; ENTRYPOINT drops an inherited CMD", () => {
    const image = imageOf(
      'FROM scratch AS a\nENV D=/d\nWORKDIR /w\nCOPY main.py .\nCMD ["x"]\nFROM a\nCOPY setup.cfg $D/\nENTRYPOINT ["y"]\n',
    );
    expect(listed(image)).toEqual(["/d/setup.cfg setup.cfg", "/w/main.py main.py"]);
    expect(image.workdir).toBe("/w");
    expect(image.command).toMatchObject({ cmd: null, entrypoint: { words: [{ text: "y" }] }, inherited: false });
  });

  test("the target is the final stage, and what it does not need is not built", () => {
    const image = imageOf("FROM scratch AS a\nCOPY main.py /\nFROM scratch AS b\nCOPY setup.cfg /\n", { target: "A" });
    expect(listed(image)).toEqual(["/main.py main.py"]);
    expect(image.stages.map((stage) => stage.needed)).toEqual([true, false]);
  });

  test("ONBUILD runs in the stage that starts from it", () => {
    const image = imageOf("FROM scratch AS a\nONBUILD COPY main.py /app/\nFROM a\n");
    expect(listed(image)).toEqual(["/app/main.py main.py"]);
    expect(image.copies[0]?.at.start.line).toBe(2);
  });

  test("the root of another stage is read, whatever its working directory", () => {
    const image = imageOf(
      "FROM scratch AS a\nWORKDIR /w\nCOPY src ./s\nFROM scratch\nCOPY --from=a ./s /d\nCOPY --from=a w/s/util /e\n",
    );
    expect(listed(image)).toEqual(["/e/c.py src/util/c.py"]);
    expect(image.copies[1]?.sources[0]?.status).toBe("missing");
  });

  test("arguments of a parent stage and of ONBUILD are seen", () => {
    const image = imageOf("FROM scratch AS a\nARG X=1\nONBUILD ARG Z=q\nONBUILD COPY src/a.py /$Z$X/\nFROM a\n");
    expect(listed(image)).toEqual(["/q1/a.py src/a.py"]);
  });

  test("a global ARG is seen by FROM only, until a stage declares it", () => {
    const text = "ARG B=scratch\nARG F=main.py\nFROM ${B}\nCOPY x${F} /a/\nARG F\nCOPY ${F} /b/\n";
    expect(listed(imageOf(text))).toEqual(["/b/main.py main.py"]);
    expect(listed(imageOf(text, { args: { F: "setup.cfg" } }))).toEqual(["/b/setup.cfg setup.cfg"]);
  });

  test("ENV beats ARG of the same name", () => {
    expect(listed(imageOf("FROM scratch\nARG D=/a\nENV D=/e\nCOPY main.py $D/\n"))).toEqual(["/e/main.py main.py"]);
  });
});

describe("what is not known", () => {
  test("a base image: unknown outside our directories, absent for tracked files inside", () => {
    const image = imageOf("FROM python:3.12\nWORKDIR /app\nCOPY src .\n");
    expect(image.files.answer("/usr/bin/python")).toMatchObject({ status: "unknown" });
    expect(image.files.answer("/app/main.py")).toEqual({ status: "absent", claim: "tracked" });
    expect(image.command.inherited).toBe(true);
  });

  test.each([
    ["RUN cp -r /x /app/gen", "/app/gen/x.py"],
    ["RUN cp /x/a.ini /app", "/app/a.ini"],
    ["RUN cp /x/a.ini /app/b.ini", "/app/b.ini"],
    ["RUN cp /x/*.ini /app", "/app/b/c.ini"],
    ["RUN npm run build", "/app/dist/index.js"],
    ["RUN git clone https://x.test/y.git lib", "/app/lib/z"],
    ["RUN source /opt/ros/setup.bash && colcon build", "/app/install/setup.bash"],
    ["RUN curl -o tool https://x.test/t", "/app/tool"],
    ["RUN tar -xzf a.tgz -C /opt", "/opt/a"],
    ["RUN rm -rf src", "/app/src/a.py"],
    ["RUN cd /x && mv y /app/z", "/app/z"],
    ["VOLUME /app/data", "/app/data/db"],
    ["ARG V\nCOPY --from=acme/base:1 /o /app/o", "/app/o/x"],
  ])("%s makes %s unknown", (instruction, path) => {
    const image = imageOf(`FROM node:22\nWORKDIR /app\nCOPY . .\n${instruction}\n`);
    expect(image.files.answer(path)).toMatchObject({ status: "unknown" });
  });

  test.each([
    ["RUN cp /x/a.ini b.ini /app && ln -s /x/c /app", "/app/lib/gone.py"],
    ["RUN install -m 755 /x/a.sh .", "/app/gone.sh"],
  ])("%s says nothing of %s", (instruction, path) => {
    const image = imageOf(`FROM node:22\nWORKDIR /app\nCOPY . .\n${instruction}\n`);
    expect(image.files.answer(path)).toEqual({ status: "absent", claim: "tracked" });
  });

  test("a copy out of a stage whose RUN made it stays unknown", () => {
    const image = imageOf(
      "FROM node:22 AS b\nWORKDIR /b\nCOPY . .\nRUN npm run build\nFROM scratch\nCOPY --from=b /b/dist /app\n",
    );
    expect(image.files.answer("/app/index.js")).toMatchObject({ status: "unknown" });
    expect(image.files.unknown().map(({ path }) => path)).toEqual(["/app"]);
  });

  test.each([
    ["RUN dotnet publish -c Release -o /out", "/out/main.py"],
    ["RUN npx esbuild src/index.ts --outdir=/out", "/out/main.py"],
    ["RUN git clone https://x.test/y.git /out", "/out/main.py"],
    ["RUN tar -xzf a.tgz -C /out", "/out/main.py"],
    ["RUN go build -o /out ./cmd", "/out"],
  ])("after %s a file copied to /out lies at %s", (instruction, path) => {
    const image = imageOf(`FROM scratch AS b\nCOPY . /b\n${instruction}\nCOPY main.py /out\nFROM b\n`);
    expect(image.files.answer(path)).toMatchObject({ status: "present", file: { source: "main.py" } });
  });

  test("an argument that nobody gives makes a miss doubtful", () => {
    const image = imageOf("FROM scratch\nARG V\nCOPY ${V}x /a/\n");
    expect(image.copies[0]?.sources[0]?.status).toBe("unknown");
  });
});

describe("ADD", () => {
  const header = (name: string, size: number, type: string): Buffer => {
    const block = Buffer.alloc(512);
    block.write(name);
    block.write("0000644\0", 100);
    block.write(`${size.toString(8).padStart(11, "0")}\0`, 124);
    block.write("        ", 148);
    block.write(type, 156);
    block.write("ustar\0", 257);
    const sum = block.reduce((total, byte) => total + byte, 0);
    block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
    return block;
  };
  const tar = Buffer.concat([
    header("d/", 0, "5"),
    header("d/f.txt", 3, "0"),
    Buffer.from("abc".padEnd(512, "\0")),
    Buffer.alloc(1024),
  ]);
  const files = { "plain.tar.gz": "no archive", "data.bin": { content: gzipSync(tar) }, "raw.tar": { content: tar } };

  test("unpacks by content, not by name", () => {
    expect(listed(imageOf("FROM scratch\nADD plain.tar.gz data.bin /x/\n", { files }))).toEqual([
      "/x/d/f.txt",
      "/x/plain.tar.gz plain.tar.gz",
    ]);
    expect(listed(imageOf("FROM scratch\nADD raw.tar /y\n", { files }))).toEqual(["/y/d/f.txt"]);
  });

  test("leaves an archive whole for COPY and --unpack=false", () => {
    expect(listed(imageOf("FROM scratch\nCOPY raw.tar /c/\nADD --unpack=false raw.tar /n/\n", { files }))).toEqual([
      "/c/raw.tar raw.tar",
      "/n/raw.tar raw.tar",
    ]);
  });
});

test("fifty thousand files are placed without listing them", () => {
  const files: Record<string, string> = {};
  for (let index = 0; index < 50_000; index++) files[`d${index % 500}/s/f${index}.py`] = "";
  const image = imageOf("FROM scratch AS a\nCOPY . /app\nFROM a\nCOPY --from=a /app /copy\n", {
    files,
    ignore: "**/f1*.py\n",
  });
  expect(image.files.answer("/copy/d2/s/f2.py")).toMatchObject({ status: "present", file: { source: "d2/s/f2.py" } });
  expect(image.files.answer("/copy/d1/s/f1.py")).toMatchObject({ status: "absent" });
});
