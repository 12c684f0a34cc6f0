import { expect, test } from "vitest";
import { entryFiles, renderImages, showImages } from "../../src/reports/show-image.ts";
import type { EntryModel } from "../../src/types/entry.ts";
import type { ImagesModel } from "../../src/types/image.ts";

const image = (id: string) => ({
  build: {
    id,
    name: "api",
    dockerfile: { kind: "file", path: "Dockerfile", exists: true },
    context: { kind: "directory", path: "" },
    ignoreFile: null,
    target: null,
    builder: "buildkit",
  },
  path: "Dockerfile",
  files: { list: () => [], unknown: () => [] },
});
const images = { images: ["api", "api#2", "api#3", "api#4"].map(image) } as unknown as ImagesModel;
const part = (given: object) => ({ role: "process", path: null, builtFrom: null, reason: null, ...given });
const point = (build: string, command: string, given: object) => ({
  build,
  image: "api",
  command,
  parts: [],
  unchecked: null,
  unknown: [],
  ...given,
});
const entries = {
  points: [
    point("api", "sh start.sh", {
      parts: [
        part({ subject: "start.sh", path: "start.sh" }),
        part({ subject: "dist/main.js", builtFrom: "src/main.ts" }),
        part({ subject: "migrate.py", path: "migrate.py", role: "before" }),
      ],
    }),
    point("api#2", "/init", { unchecked: "`/init` starts services", unknown: [{ reason: "`eval` runs a text" }] }),
    point("api#3", "celery flower", {}),
  ],
} as unknown as EntryModel;

test("shows the entry of each build by its own id, and why there is none", () => {
  const shown = showImages(images, entryFiles(entries)).images.map(({ entry, entryOpen }) => [entry, entryOpen]);
  expect(shown).toEqual([
    [["start.sh"], ["dist/main.js: built from src/main.ts"]],
    [[], ["`/init` starts services", "`eval` runs a text"]],
    [[], ["`celery flower` names no file of the repository"]],
    [[], ["no command is known"]],
  ]);
  expect(renderImages(images, entryFiles(entries))).toContain(
    "  entry        start.sh\n    dist/main.js: built from src/main.ts\n  files        0",
  );
});
