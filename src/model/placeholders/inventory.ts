import type { ModelInput } from "../../types/model.ts";
import { isWorkflow } from "../path-class.ts";
import type { PlacedScript } from "./script-files.ts";

/** Names that some step, script, workflow or inventory gives a value. */
export interface Provided {
  /** By any workflow's `env` or any script of the repository. */
  anywhere: ReadonlySet<string>;
  /** By the process inventories of the config. */
  inventory: ReadonlySet<string>;
  /** Every environment's process inventory says that it is complete. */
  complete: boolean;
}

/** Variables that every process has. */
export const processNames =
  /^(?:HOME|PATH|PWD|OLDPWD|USER|USERNAME|LOGNAME|HOSTNAME|HOST|SHELL|LANG|LC_\w+|TERM|TMPDIR|TEMP|TMP|UID|GID|EUID|TZ|CI|NODE_ENV|DISPLAY|XDG_\w+|DOCKER_\w+|COMPOSE_\w+|npm_\w+|GITHUB_\w+|RUNNER_\w+|CI_\w+|VERCEL(?:_\w+)?|RAILWAY_\w+|RENDER_\w+|HEROKU_\w+|AWS_(?:REGION|DEFAULT_REGION|ACCOUNT_ID))$/;

export function findProvided(input: ModelInput<"config">, scripts: readonly PlacedScript[]): Provided {
  const anywhere = new Set<string>();
  for (const script of scripts) {
    for (const command of script.commands) {
      for (const name of command.sets) anywhere.add(name);
      // `echo NAME=value >> .env` and `>> $GITHUB_ENV`
      if (command.appended || command.output)
        for (const word of command.words)
          for (const match of word.matchAll(/(?:^|\n)([A-Za-z_]\w*)=/g)) anywhere.add(match[1]!);
      const read = command.words[0] === "read" ? command.words.slice(1) : [];
      for (const word of read) if (/^[A-Za-z_]\w*$/.test(word)) anywhere.add(word);
    }
  }
  for (const entry of input.files.entries) {
    if (!isWorkflow(entry.path) || entry.ignored) continue;
    const workflow = input.facts.get("workflow", entry.path);
    if (!workflow) continue;
    const lists = [workflow.env, ...workflow.jobs.flatMap((job) => [job.env, ...job.steps.map((step) => step.env)])];
    for (const one of lists.flat()) anywhere.add(one.name);
  }
  const inventory = new Set<string>();
  let complete = false;
  let open = false;
  for (const environment of Object.values(input.known.config.config.environments)) {
    for (const entry of environment.inventory) {
      if (entry.namespace !== undefined && entry.namespace !== "process") continue;
      if ("declared" in entry && entry.namespace === "process") for (const name of entry.declared) inventory.add(name);
      else if ("env-file" in entry)
        for (const one of input.facts.get("dotenv", entry["env-file"])?.entries ?? []) inventory.add(one.name);
      else continue;
      if (entry.complete === true) complete = true;
      else open = true;
    }
  }
  return { anywhere, inventory, complete: complete && !open };
}
