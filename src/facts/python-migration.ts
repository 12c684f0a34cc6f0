import { readPythonMigration } from "../sources/python-migration.ts";
import type { Extractor } from "../types/facts.ts";

/** A Python file as a migration of Alembic or Django. */
export const pythonMigrationExtractor: Extractor<"python-migration"> = {
  kind: "python-migration",
  version: 4,
  claims: (path) => /\.py$/.test(path),
  extract: (source) => readPythonMigration(source.text()),
};
