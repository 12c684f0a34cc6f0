import { directoryOf } from "../../text/paths.ts";
import { positionAt } from "../../text/positions.ts";
import type { DeployCommand } from "../../types/deploy-script.ts";
import type { FactReader } from "../../types/facts.ts";
import type { ModelInput } from "../../types/model.ts";
import type { Position, RepoPath } from "../../types/text.ts";
import type { FileTree } from "../../types/workspace.ts";
import { isCompose, isDockerfile, isKustomization } from "../path-class.ts";
import { resolvePaths } from "./deploy-paths.ts";
import { formatOf } from "./formats.ts";
import { roleByName, type Stage, stageOf } from "./role.ts";
import { type PlacedScript, programOf } from "./script-files.ts";

/** A step, mount or list that names a file as deployed. */
export interface Deploy {
  /** `kubectl apply -f`, `mounted into grafana`. */
  what: string;
  path: RepoPath;
  file: RepoPath;
  at: Position;
  stage: Stage;
  /** The file's own text is used, not a folder or a pattern around it. */
  exact: boolean;
  /** Keys that the same command sets itself (`--set a.b=c`). */
  sets: string[];
  /** Runs in a test, a demo or on a developer's machine. */
  trial: boolean;
}

export type DeploysByPath = ReadonlyMap<RepoPath, readonly Deploy[]>;

/** Every file that something in the repository deploys by name. */
export function findDeploys(
  scripts: readonly PlacedScript[],
  { files, facts, linkTarget }: Pick<ModelInput, "files" | "facts" | "linkTarget">,
): DeploysByPath {
  const found = new Map<RepoPath, Deploy[]>();
  const add = (deploy: Deploy): void => {
    const known = found.get(deploy.path);
    if (!known) found.set(deploy.path, [deploy]);
    else if (known.length < 20) known.push(deploy);
  };
  for (const script of scripts) for (const deploy of inScript(script, files)) add(deploy);
  for (const entry of files.entries) {
    if (entry.ignored || entry.kind === "submodule") continue;
    if (entry.kind === "symlink") {
      for (const deploy of ofLink(entry.path, linkTarget(entry.path), files)) add(deploy);
      continue;
    }
    if (isCompose(entry.path)) for (const deploy of inCompose(entry.path, files, facts)) add(deploy);
    else if (isKustomization(entry.path)) for (const deploy of inKustomization(entry.path, files, facts)) add(deploy);
    else if (isDockerfile(entry.path)) for (const deploy of inDockerfile(entry.path, files, facts)) add(deploy);
  }
  return found;
}

/** `.env.production -> .env.example`: the name of the link says that what it points to is deployed. */
function ofLink(path: RepoPath, target: string | null, files: FileTree): Deploy[] {
  if (target === null || target.startsWith("/") || roleByName(path) !== null || formatOf(path) === null) return [];
  const stage = stageOf(path);
  const at = { line: 1, column: 1 };
  const [one, ...others] = resolvePaths(target, [directoryOf(path)], files).paths;
  if (one === undefined || others.length > 0 || files.get(one)?.kind === "symlink") return [];
  const what = "the symbolic link";
  return [{ what, path: one, file: path, at, stage, exact: true, sets: [], trial: stage === "development" }];
}

const trialWords =
  /(?:^|[^a-z])(?:tests?|e2e|lint|ci|check|validate|verify|dev|develop|local|demo|example|minikube|kind|k3d|setup|bootstrap|devcontainer|pr|pull|preview|smoke|bench|integration|dry)(?:[^a-z]|$)/i;
const deployWords = /deploy|release|publish|prod|staging|(?:^|[^a-z])cd(?:[^a-z]|$)|rollout|ship/i;

/** A job by its name: `test` in release.yml deploys nothing, `test-and-deploy` does. */
function isTestJob(job: string): boolean {
  return (
    /^jobs (?:\S*[^a-z])?(?:tests?|e2e|lint|type-?check|vitest|jest|pytest|phpunit|rspec|playwright|cypress)(?:[^a-z]|$)/i.test(
      job,
    ) && !deployWords.test(job)
  );
}

function isTrial(where: string): boolean {
  return trialWords.test(where.replace(/\.github|jobs|steps|scripts/g, "")) && !deployWords.test(where);
}

function inScript(script: PlacedScript, files: FileTree): Deploy[] {
  const found: Deploy[] = [];
  const job = script.path.filter((step) => typeof step === "string").join(" ");
  const where = `${script.file} ${job}`;
  const trial = isTestJob(job) || isTrial(where);
  const said = script.environment === null || script.environment.includes("$") ? "" : ` ${script.environment}`;
  const stage = stageOf(`${where}${said}`.replace(/\s/g, "/"));
  for (const command of script.commands) {
    for (const { what, text } of namedBy(command)) {
      const { paths } = resolvePaths(text, script.bases, files);
      for (const path of paths.slice(0, 300))
        found.push({
          what,
          path,
          file: script.file,
          at: { line: command.line, column: 1 },
          stage,
          exact: paths.length === 1 && what !== ofChart,
          sets: setKeys(command),
          trial,
        });
    }
  }
  return found;
}

const ofChart = "`helm` with the chart's defaults";

/** What a command deploys, as written. */
function namedBy(command: DeployCommand): { what: string; text: string }[] {
  const name = programOf(command);
  const { words } = command;
  const verb = words.slice(1).find((word) => !word.startsWith("-")) ?? "";
  const values = (flags: readonly string[], what: string) => flagged(words, flags).map((text) => ({ what, text }));
  if (name === "kubectl" || name === "oc")
    return /^(?:apply|create|replace)$/.test(verb)
      ? [
          ...values(["-f", "--filename"], `\`${name} ${verb} -f\``),
          ...values(["-k", "--kustomize"], `\`${name} ${verb} -k\``),
        ]
      : [];
  if (name === "helm")
    return /^(?:upgrade|install|template|diff)$/.test(verb)
      ? [...values(["-f", "--values"], "`helm -f`"), ...chartOf(words)]
      : [];
  if (name === "terraform" || name === "tofu" || name === "terragrunt")
    return /^(?:plan|apply|init|destroy|import|refresh)$/.test(verb)
      ? [
          ...values(["-var-file", "--var-file"], "`terraform -var-file`"),
          ...values(["-backend-config", "--backend-config"], "`terraform -backend-config`").filter(
            (one) => !/^\w+=/.test(one.text),
          ),
        ]
      : [];
  if (name === "gcloud") {
    const replace = words.indexOf("replace");
    const service =
      replace !== -1 && words.includes("run") && words[replace + 1]
        ? [{ what: "`gcloud run services replace`", text: words[replace + 1]! }]
        : [];
    const app =
      words.includes("app") && words.includes("deploy")
        ? words
            .slice(words.indexOf("deploy") + 1)
            .filter((word) => /\.ya?ml$/.test(word))
            .map((text) => ({ what: "`gcloud app deploy`", text }))
        : [];
    return [...service, ...app, ...values(["--env-vars-file", "--flags-file"], "`gcloud --env-vars-file`")];
  }
  if (name === "docker-compose" || (name === "docker" && words[1] === "compose"))
    return [
      ...values(["-f", "--file"], "`docker compose -f`"),
      ...values(["--env-file"], "`docker compose --env-file`"),
    ];
  if (name === "docker" || name === "podman")
    return [
      ...values(["--env-file"], `\`${name} run --env-file\``),
      ...(verb === "stack" ? values(["-c", "--compose-file"], "`docker stack deploy -c`") : []),
    ];
  if (name === "wrangler" || name === "flyctl" || name === "fly")
    return verb === "deploy" ? values(["-c", "--config"], `\`${name} deploy -c\``) : [];
  if (name === "aws")
    return words.includes("cloudformation")
      ? values(["--template-file", "--template-body"], "`aws cloudformation`").map((one) => ({
          ...one,
          text: one.text.replace(/^file:\/\//, ""),
        }))
      : [];
  if (name === "cp") {
    const plain = words.slice(1).filter((word) => !word.startsWith("-"));
    return plain.length === 2 && /(?:^|\/)\.env(?:\.prod\w*|\.staging)?$/.test(plain[1] ?? "") && plain[0]
      ? [{ what: `\`cp\` to ${plain[1]}`, text: plain[0] }]
      : [];
  }
  return [];
}

/** The defaults of the chart that `helm upgrade NAME ./chart` installs. */
function chartOf(words: readonly string[]): { what: string; text: string }[] {
  const chart = words
    .slice(2)
    .findLast((word) => !word.startsWith("-") && word.includes("/") && !/\.(?:ya?ml|tgz)$|:\/\//.test(word));
  return chart ? [{ what: ofChart, text: `${chart.replace(/\/$/, "")}/values.yaml` }] : [];
}

/** Values of flags: `-f x`, `--values=x`, `-fx.yaml`, several separated by commas. */
function flagged(words: readonly string[], flags: readonly string[]): string[] {
  const found: string[] = [];
  for (const [index, word] of words.entries()) {
    const next = words[index + 1];
    if (flags.includes(word) && next) found.push(...next.split(","));
    for (const flag of flags) if (word.startsWith(`${flag}=`)) found.push(...word.slice(flag.length + 1).split(","));
  }
  return found;
}

/** `--set a.b=c`, `--set-string`, `--set-file`: paths that the command sets itself. */
function setKeys(command: DeployCommand): string[] {
  return flagged(command.words, ["--set", "--set-string", "--set-file", "--set-json"])
    .map((text) => text.split("=")[0] ?? "")
    .filter((key) => key !== "");
}

function inCompose(path: RepoPath, files: FileTree, facts: FactReader): Deploy[] {
  const compose = facts.get("compose", path);
  if (!compose?.isCompose) return [];
  const found: Deploy[] = [];
  const stage = stageOf(path);
  const trial = stage === "development";
  const add = (what: string, text: string, offset: number): void => {
    if (/^(?:\/|~|\$)/.test(text)) return;
    const resolved = resolvePaths(text, [directoryOf(path)], files).paths;
    for (const one of resolved.slice(0, 100))
      found.push({
        what,
        path: one,
        file: path,
        at: positionAt(compose.lineStarts, offset),
        stage,
        exact: resolved.length === 1,
        sets: [],
        trial,
      });
  };
  for (const service of compose.services) {
    for (const file of service.envFiles) add(`\`env_file\` of ${service.name}`, file.text, file.start);
    for (const mount of service.volumes) {
      const source = mount.type === "bind" ? mount.source : null;
      // A whole source tree is mounted for development; configuration is mounted file by file or from a folder of its own.
      if (source && !/^\.{1,2}\/?$/.test(source.text)) add(`the mount into ${service.name}`, source.text, mount.start);
    }
  }
  for (const config of compose.configs)
    if (config.file) add(`the config ${config.name}`, config.file.text, config.start);
  return found;
}

const envsOf = "`envs` of";

/** Whether a generator of kustomize makes variables of the file's lines. Nothing expands what they hold. */
export function isGeneratorEnv(path: RepoPath, deploys: DeploysByPath): boolean {
  return deploys.get(path)?.some((deploy) => deploy.what.startsWith(envsOf)) === true;
}

function inKustomization(path: RepoPath, files: FileTree, facts: FactReader): Deploy[] {
  const data = facts.get("data", path);
  const root = data?.documents[0]?.root;
  if (!data || root?.kind !== "map") return [];
  const found: Deploy[] = [];
  for (const { key, value } of root.entries) {
    if (
      !/^(?:configMapGenerator|secretGenerator|resources|patches|patchesStrategicMerge)$/.test(key.text) ||
      value.kind !== "list"
    )
      continue;
    const visit = (node: (typeof value.items)[number], at: string): void => {
      if (node.kind === "scalar") {
        if (!/^(?:files|envs|env|path|resources|patchesStrategicMerge|items)$/.test(at)) return;
        const text = node.text.includes("=") ? node.text.slice(node.text.indexOf("=") + 1) : node.text;
        for (const one of resolvePaths(text, [directoryOf(path)], files).paths.slice(0, 50))
          found.push({
            what: /^envs?$/.test(at) ? `${envsOf} \`${key.text}\`` : `\`${key.text}\``,
            path: one,
            file: path,
            at: positionAt(data.lineStarts, node.start),
            stage: key.text.endsWith("Generator") ? stageOf(path) : "other",
            exact: key.text.endsWith("Generator"),
            sets: [],
            trial: stageOf(path) === "development",
          });
      } else if (node.kind === "list") for (const item of node.items) visit(item, at);
      else for (const entry of node.entries) visit(entry.value, entry.key.text);
    };
    for (const item of value.items) visit(item, key.text.endsWith("Generator") ? "generator" : key.text);
  }
  return found;
}

function inDockerfile(path: RepoPath, files: FileTree, facts: FactReader): Deploy[] {
  const syntax = facts.get("dockerfile", path);
  if (!syntax) return [];
  const last = syntax.instructions.findLastIndex((one) => one.keyword === "FROM");
  const found: Deploy[] = [];
  for (const one of syntax.instructions.slice(Math.max(0, last))) {
    const at = one.range.start;
    const trial = stageOf(path) === "development";
    if ((one.keyword === "COPY" || one.keyword === "ADD") && !one.flags.some((flag) => flag.name === "from")) {
      const to = one.words.at(-1)?.text.replace(/^["']|["']$/g, "") ?? "";
      for (const word of one.words.slice(0, -1)) {
        const text = word.text.replace(/^["']|["']$/g, "");
        for (const file of [directoryOf(path), ""]
          .map((base) => (base === "" ? text : `${base}/${text}`))
          .map((file) => file.replace(/^\.\//, "")))
          if (files.has(file))
            found.push({
              what: `\`${one.keyword}\` into the image`,
              path: file,
              file: path,
              at,
              stage: "other",
              // Under its own name an example is still one: what it is for reads another file.
              exact: roleByName(file) === null || (!/(?:^|\/)\.{0,2}$/.test(to) && roleByName(to) === null),
              sets: [],
              trial,
            });
      }
    }
    if (one.keyword === "RUN") {
      const match =
        /\bcp\s+(?:-\w+\s+)*(?:\.\/)?(\S*\.env[\w.-]*|\S*env\.(?:example|sample))\s+(?:\.\/)?\S*\.env\b(?![.\w])/.exec(
          one.words[0]?.text ?? "",
        );
      const source = match?.[1];
      if (source && files.has(source))
        found.push({
          what: "`RUN cp` to .env",
          path: source,
          file: path,
          at,
          stage: "other",
          exact: true,
          sets: [],
          trial,
        });
    }
  }
  return found;
}
