import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { halfMeasures } from "../../src/engine/compiler.ts";

test("V8 of this Node knows each flag that is set for a short run", () => {
  for (const flag of halfMeasures) {
    const { status, stderr } = spawnSync(process.execPath, [flag, "--eval", "0"], { encoding: "utf8" });
    expect({ flag, status, stderr }).toEqual({ flag, status: 0, stderr: "" });
  }
});
