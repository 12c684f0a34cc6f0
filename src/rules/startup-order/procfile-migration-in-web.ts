import type { Check } from "../../types/rule.ts";
import { migrationIn, serverIn } from "./migration.ts";

export const procfileMigrationInWeb: Check<"procfiles", "startup-order/procfile-migration-in-web"> = {
  needs: ["procfiles"],
  *run({ procfiles }) {
    for (const { name, command, at } of procfiles.processes) {
      if (name !== "web") continue;
      const migration = migrationIn(command);
      if (!migration) continue;
      const before = command.slice(0, migration.index);
      // A single `&` before the migration: what stands left of it is already running.
      const background = before.search(/(?<![&>|])&(?![&>])/);
      const started = background !== -1 && serverIn(before.slice(0, background));
      const release = procfiles.processes.find((each) => each.name === "release" && each.at.path === at.path);
      yield {
        message: started
          ? `The server is started in the background before \`${migration.text}\` runs: it answers requests on the old schema. Run the migration in \`release:\`.`
          : `\`web:\` runs \`${migration.text}\` at every start: each dyno and each restart migrates, several at once, and a slow migration fails the boot. Run it in \`release:\`.`,
        subject: migration.text,
        at,
        severity: started ? "error" : "warning",
        related: release ? [{ ...release.at, message: "the release phase is here" }] : [],
      };
    }
  },
};
