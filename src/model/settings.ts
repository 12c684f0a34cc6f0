import { compileRe2 } from "../sources/re2-match.ts";
import type { FactKind } from "../types/facts.ts";
import type { ModelInput, ModelProvider } from "../types/model.ts";
import type { SettingsModel } from "../types/settings.ts";
import { isCloudBuild, isDotenv, isShellScript } from "./path-class.ts";
import { codePaths, readCode } from "./settings/code.ts";
import { readCommands } from "./settings/commands.ts";
import { readCompose } from "./settings/compose.ts";
import { brokenFiles, readEnvFiles } from "./settings/env-files.ts";
import { makeNaming } from "./settings/environment.ts";
import { readHelm } from "./settings/helm.ts";
import { servedHosts, usedHosts } from "./settings/hosts.ts";
import { readKubernetes } from "./settings/kubernetes.ts";
import { readData } from "./settings/manifests.ts";
import type { Sink } from "./settings/sink.ts";
import { readTerraform } from "./settings/terraform.ts";

type Needs = "compose" | "kubernetes" | "workflows";

/** Work that one expression may use over all values. */
const MATCH_STEPS = 10_000_000;

/** What each environment is given, from every file and command that says so. */
export const settingsProvider: ModelProvider<"settings", Needs> = {
  needs: ["compose", "kubernetes", "workflows"],
  facts: ["data", "lines"],
  moreFacts({ files }): FactKind[] {
    const has = (test: (path: string) => boolean) => files.entries.some(({ path, ignored }) => !ignored && test(path));
    const code = codePaths(files).map(({ path }) => path);
    const kinds: FactKind[] = ["dotenv"];
    if (has((path) => isShellScript(path) || isCloudBuild(path))) kinds.push("shell");
    if (has((path) => /\.(?:tf|tfvars)$/i.test(path))) kinds.push("hcl");
    if (has((path) => /\.toml$/i.test(path))) kinds.push("toml");
    if (code.some((path) => path.endsWith(".py"))) kinds.push("python-syntax");
    if (code.some((path) => !path.endsWith(".py"))) kinds.push("javascript-code");
    return kinds;
  },
  build: (input) => buildSettings(input),
  isEmpty: ({ settings, served, broken, files }) => settings.length + served.length + broken.length + files === 0,
};

function buildSettings(input: ModelInput<Needs>): SettingsModel {
  const sink: Sink = {
    input,
    naming: makeNaming(input.files, input.config.config),
    settings: [],
    open: [],
    seen: new Set(),
  };
  readEnvFiles(sink);
  const passedOn = readCompose(sink);
  // Each reader goes through all files: none is loaded where none has a name for it.
  const has = (name: RegExp): boolean => input.files.entries.some(({ path, ignored }) => !ignored && name.test(path));
  const data = has(/\.(?:ya?ml|json|toml)$|(?:^|\/)Kustomization$/i);
  if (data) readKubernetes(sink);
  if (data || input.files.entries.some(({ path }) => isShellScript(path))) readCommands(sink);
  if (data) readData(sink);
  const releases = data ? readHelm(sink) : [];
  const modules = has(/\.(?:tf|tfvars)$/i) ? readTerraform(sink) : [];
  readCode(sink);
  const wanted = (one: { environment: string | null }) =>
    input.options.environment === null || one.environment === null || one.environment === input.options.environment;
  const settings = sink.settings.filter(wanted);
  const hosts = servedHosts(sink, modules, releases);
  const tests = new Map<string, ReturnType<typeof compileRe2>>();
  return {
    only: input.options.environment,
    settings,
    open: sink.open.filter(wanted),
    environments: [...sink.seen].sort(),
    broken: brokenFiles(sink, passedOn),
    served: hosts.served.filter(wanted),
    openHosts: hosts.openHosts,
    used: usedHosts(settings),
    files: input.files.entries.filter(({ path, ignored }) => !ignored && isDotenv(path)).length,
    matches(pattern, value) {
      let test = tests.get(pattern);
      if (!test) tests.set(pattern, (test = compileRe2(pattern, { steps: MATCH_STEPS })));
      return typeof test === "function" ? test(value) : { refused: test.refused };
    },
  };
}
