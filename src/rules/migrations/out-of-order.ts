import { compareVersions } from "../../text/versions.ts";
import type { Check } from "../../types/rule.ts";
import { nameOf, topOf } from "./chain.ts";

export const outOfOrder: Check<"migrations" | "history", "migrations/out-of-order"> = {
  needs: ["migrations", "history"],
  *run({ migrations, history }) {
    const { deployed } = history;
    const known = deployed !== null && "files" in deployed ? deployed : null;
    const there = new Set(known?.files.map((file) => file.path));
    for (const graph of migrations.graphs) {
      if (graph.tool === "alembic" || graph.tool === "django") continue;
      const files = graph.files.filter((file) => !file.repeatable && file.id !== null);
      const sorted = [...files].sort((a, b) => compareVersions(a.id!, b.id!));
      const newest = sorted.at(-1);
      if (graph.schema && newest && compareVersions(graph.schema.version, newest.id!) < 0) {
        yield {
          message: `schema.rb is at version ${graph.schema.version}, and ${newest.path} is newer: a database that is loaded from the schema lacks it. Run the migrations and commit the schema.`,
          subject: graph.schema.at.path,
          at: graph.schema.at,
          severity: "warning",
          related: [{ ...topOf(newest.path), message: "the newest migration" }],
        };
      }
      const last = sorted.filter((file) => there.has(file.path)).at(-1);
      if (!known || !last || graph.anyOrder) continue;
      for (const file of sorted) {
        if (there.has(file.path) || compareVersions(file.id!, last.id!) >= 0) continue;
        const strict = graph.tool === "flyway";
        yield {
          message: `${file.path} is new and sorts before ${last.path}, which ${known.environment} already runs: the ${nameOf(graph)} ${strict ? "refuse to go on" : "may leave it out, or run it after what it was written before"}. Give it a newer ${strict ? "version" : "time stamp"}.`,
          subject: file.path,
          at: topOf(file.path),
          severity: strict ? "error" : "warning",
        };
      }
    }
  },
};
