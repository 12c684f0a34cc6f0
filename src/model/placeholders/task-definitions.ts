import type { DataNode } from "../../types/data.ts";
import type { FactReader } from "../../types/facts.ts";
import type { PlaceholderHit } from "../../types/placeholders.ts";
import type { FileTree } from "../../types/workspace.ts";
import { textOf, valueAt } from "../data.ts";
import { resolvePaths } from "./deploy-paths.ts";
import type { Renderer } from "./rendering.ts";
import type { PlacedAction } from "./script-files.ts";

/**
 * The actions of AWS that fill in a task definition or the AppSpec of CodeDeploy.
 * Source: index.js of aws-actions/amazon-ecs-render-task-definition and of aws-actions/amazon-ecs-deploy-task-definition.
 */
export function taskRenderer(action: PlacedAction, files: FileTree, facts: FactReader): Renderer[] {
  const tool = action.uses.split("@")[0] ?? "";
  const base = {
    tool,
    file: action.file,
    at: { line: action.line, column: 1 },
    place: action.path,
    fromProcess: false,
    command: null,
    script: null,
    only: null,
  };
  if (/(?:^|\/)amazon-ecs-render-task-definition$/i.test(tool)) {
    const written = action.with["task-definition"] ?? "";
    const { paths, unknown } = resolvePaths(written, [""], files);
    const fills = filled(action);
    return [
      {
        ...base,
        names: ["image of the container"],
        // A second container is filled into the output of the first step.
        inputs: new Set(paths),
        anyInput: unknown && paths.length === 0,
        replaces: (hit, path) => fills(hit, facts.get("data", path)?.documents[hit.document]?.root ?? null),
      },
    ];
  }
  if (/(?:^|\/)amazon-ecs-deploy-task-definition$/i.test(tool)) {
    // Without the input the action reads this name where CodeDeploy rolls the service out.
    const { paths, unknown } = resolvePaths(action.with["codedeploy-appspec"] ?? "appspec.yaml", [""], files);
    return [
      {
        ...base,
        names: ["TaskDefinition"],
        inputs: new Set(paths),
        anyInput: unknown && paths.length === 0,
        replaces: (hit) =>
          /^resources$/i.test(String(hit.path[0])) &&
          /^properties$/i.test(String(hit.path.at(-2))) &&
          /^taskdefinition$/i.test(String(hit.path.at(-1))),
      },
    ];
  }
  return [];
}

/** The values that a step of the render action writes into the container that it names. */
function filled(action: PlacedAction): (hit: PlaceholderHit, root: DataNode | null) => boolean {
  const container = action.with["container-name"] ?? "";
  const namesIn = (input: string) =>
    new Set([...(action.with[input] ?? "").matchAll(/^\s*([^=\s]+)=/gm)].map((match) => match[1]!));
  const variables = new Map([
    ["environment", namesIn("environment-variables")],
    ["secrets", namesIn("secrets")],
  ]);
  return ({ path }, root) => {
    const [list, index, key, item] = path;
    if (list !== "containerDefinitions" || typeof index !== "number" || typeof key !== "string") return false;
    // A name with an expression may be that of any container.
    if (!container.includes("$") && textOf(valueAt(root, list, index, "name")) !== container) return false;
    if (key === "image") return action.with.image !== undefined;
    const name = typeof item === "number" ? textOf(valueAt(root, list, index, key, item, "name")) : null;
    return name !== null && variables.get(key)?.has(name) === true;
  };
}
