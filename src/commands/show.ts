import { UsageError } from "../config/usage-error.ts";
import { makeFactReader } from "../engine/facts.ts";
import { makeKnownModels } from "../engine/known.ts";
import { commandless, jsonText } from "../reports/escape.ts";
import { didYouMean } from "../text/nearest.ts";
import type { ModelName, Models } from "../types/model.ts";
import { openRepository } from "./check.ts";
import { type CheckFlags, checkOptionsOf } from "./flags.ts";
import { EXIT, type Terminal } from "./terminal.ts";

/** One model of `predeploy show`: what it needs and its two forms. */
interface View<N extends ModelName> {
  needs: readonly N[];
  load(): Promise<{ text(known: Pick<Models, N>): string; json(known: Pick<Models, N>): unknown }>;
}

// biome-ignore lint/suspicious/noExplicitAny: each view has needs of its own
const views: Readonly<Record<string, View<any>>> = {
  image: view(["images", "entries"], async () => {
    const { entryFiles, renderImages, showImages } = await import("../reports/show-image.ts");
    return {
      text: ({ images, entries }) => renderImages(images, entryFiles(entries)),
      json: ({ images, entries }) => showImages(images, entryFiles(entries)),
    };
  }),
  imports: view(["imports", "closures"], async () => {
    const { importsJson, importsText } = await import("../reports/show-imports.ts");
    return {
      text: ({ imports, closures }) => importsText(imports, closures),
      json: ({ imports, closures }) => importsJson(imports, closures),
    };
  }),
  pipeline: view(["workflows"], async () => {
    const { pipelineJson, pipelineText } = await import("../reports/show-pipeline.ts");
    return { text: ({ workflows }) => pipelineText(workflows), json: ({ workflows }) => pipelineJson(workflows) };
  }),
  startup: view(["startup"], async () => {
    const { startupJson, startupText } = await import("../reports/show-startup.ts");
    return { text: ({ startup }) => startupText(startup), json: ({ startup }) => startupJson(startup) };
  }),
  environments: view(["settings"], async () => {
    const { environmentsJson, environmentsText } = await import("../reports/show-environments.ts");
    return { text: ({ settings }) => environmentsText(settings), json: ({ settings }) => environmentsJson(settings) };
  }),
  secrets: view(["secrets"], async () => {
    const { secretsJson, secretsText } = await import("../reports/show-secrets.ts");
    return { text: ({ secrets }) => secretsText(secrets), json: ({ secrets }) => secretsJson(secrets) };
  }),
  drift: view(["drift"], async () => {
    const { driftJson, driftText } = await import("../reports/show-drift.ts");
    return { text: ({ drift }) => driftText(drift), json: ({ drift }) => driftJson(drift) };
  }),
};

function view<N extends ModelName>(needs: readonly N[], load: View<N>["load"]): View<N> {
  return { needs, load };
}

type ShowFlags = Omit<CheckFlags, "failOn" | "format"> & { format: string };

/** `predeploy show MODEL`. Gives the exit code; throws UsageError. */
export async function runShow(terminal: Terminal, name: string, path: string, flags: ShowFlags): Promise<number> {
  const view = Object.hasOwn(views, name) ? views[name]! : null;
  if (!view)
    throw new UsageError(
      `"${name}" is no model.${didYouMean(name, Object.keys(views))} Models: ${Object.keys(views).join(", ")}.`,
    );
  return runView(terminal, view, path, flags);
}

/** `predeploy secrets --emit-step`: the workflow step that hands over presence. */
export function runPresenceStep(terminal: Terminal, path: string, flags: ShowFlags): Promise<number> {
  const step = view(["secrets"], async () => {
    const { presenceStep } = await import("../reports/show-secrets.ts");
    return { text: ({ secrets }) => presenceStep(secrets), json: ({ secrets }) => presenceStep(secrets) };
  });
  return runView(terminal, step, path, flags);
}

// biome-ignore lint/suspicious/noExplicitAny: each view has needs of its own
async function runView(terminal: Terminal, view: View<any>, path: string, flags: ShowFlags): Promise<number> {
  const options = checkOptionsOf(terminal, path, { ...flags, format: [], failOn: "error" });
  const { workspace, config, options: run } = await openRepository(options);
  const known = makeKnownModels(
    {
      files: workspace.files,
      config,
      options: run,
      workspace,
      environment: terminal.environment,
      linkTarget: workspace.linkTarget,
      noteUnread: workspace.noteUnread,
    },
    makeFactReader(workspace),
    options.trace ?? (() => {}),
  );
  known.give("files", workspace.files);
  known.give("config", config);
  const models: Partial<Record<ModelName, unknown>> = {};
  for (const need of view.needs as readonly ModelName[]) {
    const outcome = await known.outcome(need);
    if ("missing" in outcome) {
      options.notice(`${outcome.missing} ${outcome.remedy}`);
      return EXIT.undecided;
    }
    models[need] = outcome.model;
  }
  const { text, json } = await view.load();
  terminal.stdout.write(flags.format === "json" ? `${jsonText(json(models))}\n` : commandless(text(models)));
  return EXIT.pass;
}
