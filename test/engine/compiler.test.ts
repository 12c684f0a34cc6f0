import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { askedBefore } from "../../src/engine/compiler.ts";

test("V8 of this Node knows the flag that is set for a short run", () => {
  const { status, stderr } = spawnSync(process.execPath, [askedBefore, "--eval", "0"], { encoding: "utf8" });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
});
