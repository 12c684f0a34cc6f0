import { readFileSync } from "node:fs";
import { defineConfig } from "vitest/config";

const validator = /node_modules\/@actions\/(?:languageservice|workflow-parser|expressions)\//;

// biome-ignore lint/style/noDefaultExport: vitest reads the default export
export default defineConfig({
  plugins: [
    {
      name: "without-source-maps",
      enforce: "pre",
      // They name sources that the package does not ship.
      load: (id) =>
        validator.test(id) && id.endsWith(".js")
          ? readFileSync(id, "utf8").replace(/^\/\/# sourceMappingURL=.*$/m, "")
          : null,
    },
  ],
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/repositories/**"],
    setupFiles: ["test/support/seed.ts"],
    // GitHub's validator imports JSON as bundlers do.
    server: { deps: { inline: [validator] } },
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
