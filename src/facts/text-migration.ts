import { readScriptMigration } from "../sources/script-migration.ts";
import { readRubyMigration, readSqlMigration } from "../sources/text-migration.ts";
import type { Extractor } from "../types/facts.ts";

/** A SQL file as a migration. */
export const sqlMigrationExtractor: Extractor<"sql-migration"> = {
  kind: "sql-migration",
  version: 2,
  extract: (source) => readSqlMigration(source.text()),
};

/** A JavaScript or TypeScript file as a migration. */
export const scriptMigrationExtractor: Extractor<"script-migration"> = {
  kind: "script-migration",
  version: 2,
  extract: (source) => readScriptMigration(source.text()),
};

/** A Ruby file as a migration. */
export const rubyMigrationExtractor: Extractor<"ruby-migration"> = {
  kind: "ruby-migration",
  version: 2,
  extract: (source) => readRubyMigration(source.text()),
};
