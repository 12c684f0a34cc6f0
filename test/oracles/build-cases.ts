import fc from "fast-check";

/** A build context: its files, each holding its own path, and what is built from it. */
export interface BuildCase {
  title: string;
  dockerfile: string;
  ignore?: string;
  files: readonly string[];
  /** Link → its target text. */
  links?: Readonly<Record<string, string>>;
  /** BuildKit's own syntax, which the classic builder does not know. */
  only?: "buildkit";
}

const files = [
  "main.py",
  "setup.cfg",
  ".env",
  "a b.txt",
  "src/a.py",
  "src/b.md",
  "src/lib/c.py",
  "src/lib/deep/d.py",
  "docs/x.md",
  "docs/deep/y.md",
  "infra/monitoring/m.py",
  "svc/infra/i.py",
  "svc/infra/sub/j.py",
  "web/app/(auth)/p.tsx",
  "web/package.json",
];

/** One case for each row of what is known of ignore files and COPY. */
export const cases: readonly BuildCase[] = [
  { title: "a directory gives its contents", files, dockerfile: "COPY src /app\nCOPY docs/ /d/\nCOPY infra/. /i" },
  { title: "into a directory that exists", files, dockerfile: "WORKDIR /e\nCOPY main.py /e\nCOPY setup.cfg /e/x" },
  { title: "globs are one segment deep", files, dockerfile: "COPY src/*.py *.cfg /a/\nCOPY */*.md /b/\nCOPY s* /c/" },
  { title: "a star takes dotfiles, directories and the Dockerfile", files, dockerfile: "COPY * /x/" },
  { title: "words with spaces", files, dockerfile: 'COPY ["a b.txt", "web/app/(auth)/p.tsx", "/n/"]' },
  { title: "sources start at the context", files, dockerfile: "COPY /src /a\nCOPY ./docs/../src/a.py /b/" },
  {
    title: "a negation of a directory that is not left out has no effect",
    files,
    ignore: "**/infra\n!svc\n",
    dockerfile: "COPY . /app",
  },
  {
    title: "a negation below a directory that is left out",
    files,
    ignore: "docs\n!docs/deep/y.md\nsrc\n!src/lib/**\n",
    dockerfile: "COPY . /app",
    only: "buildkit",
  },
  {
    title: "the classic builder enters few directories",
    files,
    ignore: "*\n!**/*.py\n",
    dockerfile: "COPY . /app",
  },
  { title: "order counts", files, ignore: "*\n!src/lib\nsrc\n", dockerfile: "COPY . /app", only: "buildkit" },
  { title: "white space and comments", files, ignore: "  docs  \n#src\n\n./infra/\n", dockerfile: "COPY . /app" },
  { title: "brackets and parentheses", files, ignore: "web/app/(auth)\n**/[a-c].*\n", dockerfile: "COPY . /app" },
  { title: "an ignored source fails", files, ignore: "src\n", dockerfile: "COPY src /app" },
  { title: "an ignored file below the source", files, ignore: "**/lib\n", dockerfile: "COPY src /app" },
  { title: "a glob whose directory nothing sends fails", files, ignore: "**/*.md\n", dockerfile: "COPY docs/*.md /d/" },
  {
    title: "a glob at the root copies nothing",
    files,
    dockerfile: "COPY *.none /d/\nCOPY main.py /",
    only: "buildkit",
  },
  {
    title: "stages, arguments and working directories",
    files,
    dockerfile:
      "ARG DIR=src\nWORKDIR /w\nWORKDIR x\nCOPY ${DIR} ${NOPE:-y}/\nFROM scratch AS Last\nWORKDIR /z\nCOPY --from=0 /w/x/y/lib ./lib\nCOPY --from=0 /w/x/y/*.py .",
  },
  {
    title: "a stage that starts from a stage",
    files,
    dockerfile: "WORKDIR /w\nCOPY src .\nFROM first\nCOPY docs .",
  },
  { title: "later files win", files, dockerfile: "COPY src/a.py /x/f\nCOPY main.py /x/f\nCOPY --chown=1:1 src /x" },
  {
    title: "links stay links inside a tree and are followed as sources",
    files,
    links: { "src/link.py": "a.py", "src/gone.py": "nowhere", current: "src/lib" },
    dockerfile: "COPY src /a\nCOPY current /b\nCOPY src/link.py /c/",
  },
  {
    title: "a link as destination is followed, but not by --link",
    files,
    links: { "infra/out": "../real" },
    dockerfile: "COPY infra /i\nCOPY docs /real\nCOPY src /i/out\nCOPY --link main.py /i2/",
    only: "buildkit",
  },
  {
    title: "--parents, with and without a pivot",
    files,
    dockerfile:
      "COPY --parents src/lib/c.py docs/deep /p/\nCOPY --parents ./src/./lib/**/*.py /q/\nCOPY --parents **/*.md /r/",
    only: "buildkit",
  },
  { title: "--parents does not find the context", files, dockerfile: "COPY --parents . /p/", only: "buildkit" },
  {
    title: "--exclude",
    files,
    dockerfile:
      "COPY --exclude=*.py --exclude=lib/deep src /a\nCOPY --exclude=**/*.md . /b\nCOPY --exclude=*.py src/a.py /c/",
    only: "buildkit",
  },
  {
    title: "--link puts a file in the place of a directory",
    files,
    dockerfile: "WORKDIR /app\nCOPY src .\nCOPY --link main.py /app\nCOPY --link docs/x.md /other/",
    only: "buildkit",
  },
  { title: "heredocs", files, dockerfile: "COPY <<one.txt <<two /h/\nx\none.txt\ny\ntwo", only: "buildkit" },
  { title: "ONBUILD", files, dockerfile: "ONBUILD COPY docs /d\nFROM first\nCOPY src /s" },
];

const pick = (...texts: string[]) => fc.constantFrom(...texts);
const path = fc.constantFrom(...files, "src", "src/lib", "docs", "svc/infra", "web", ".");
const pattern = fc.oneof(
  path,
  pick(
    "*",
    "**/*.md",
    "*.py",
    "**/lib",
    "**/infra",
    "src/*",
    "src/**",
    "*/x.md",
    "s*",
    ".*",
    "/docs/",
    "[m-w]*",
    "??c",
  ),
);
const line = fc.tuple(fc.boolean(), pattern).map(([negated, text]) => (negated ? `!${text}` : text));
const source = fc.oneof(path, pick("*", "*.py", "src/*", "src/*.py", "*/*.md", "./src/", "/docs/.", "none*", "[sd]*"));
const destination = pick("/app/", "./", "/", "sub/", "/app/src/");
const step = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(source, destination).map(([from, to]) => `COPY ${JSON.stringify([from, to])}`) },
  { weight: 1, arbitrary: fc.tuple(source, source, destination).map((words) => `COPY ${JSON.stringify(words)}`) },
  { weight: 1, arbitrary: pick("WORKDIR /app", "WORKDIR sub", "WORKDIR ../up") },
);
const special = fc
  .tuple(
    pick("--link", "--parents", "--exclude=*.py", "--exclude=**/*.md", "--exclude=lib", "--parents --exclude=**/*.py"),
    source,
    destination,
  )
  .filter(([flags, from]) => !(flags.includes("parents") && from === "."))
  .map(([flags, from, to]) => `COPY ${flags} ${JSON.stringify([from, to])}`);

/** Builds that nobody wrote down; the seed is the suite's. */
export function randomCases(count: number): BuildCase[] {
  const all = fc
    .tuple(
      fc.array(line, { maxLength: 5 }),
      fc.array(fc.oneof({ weight: 4, arbitrary: step }, { weight: 1, arbitrary: special }), {
        minLength: 1,
        maxLength: 4,
      }),
    )
    .map(([ignore, steps]) => ({ ignore: `${ignore.join("\n")}\n`, dockerfile: steps.join("\n") }));
  return fc.sample(all, count).map(({ ignore, dockerfile }, index): BuildCase => {
    const own = dockerfile.includes("COPY --") ? ({ only: "buildkit" } as const) : {};
    return { title: `build ${index + 1}`, files, ignore, dockerfile, ...own };
  });
}
