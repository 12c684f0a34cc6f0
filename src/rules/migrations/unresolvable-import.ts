import type { Check } from "../../types/rule.ts";

export const unresolvableImport: Check<"migrations", "migrations/unresolvable-import"> = {
  needs: ["migrations"],
  *run({ migrations }) {
    for (const graph of migrations.graphs) {
      for (const { module, relative, at } of graph.files.flatMap((file) => file.brokenImports)) {
        const why = relative
          ? "Alembic loads revisions without a package, so a relative import fails"
          : "nothing in the repository answers to that name";
        yield {
          message: `This migration imports ${module}, and ${why}: every alembic command that loads the directory stops. ${relative ? "Import by the full name" : "Name the module as it is called now"}, or better, write what the migration needs into the migration.`,
          subject: module,
          at,
        };
      }
    }
  },
};
