import { parseData } from "../sources/data.ts";
import { expandReferences, parseMakefile, recipeScript } from "../sources/makefile.ts";
import { scalarOffsets } from "../sources/scalar-text.ts";
import { parseShell, prepareShell } from "../sources/shell.ts";
import { lineStartsOf } from "../text/positions.ts";
import type { Recipe, Recipes } from "../types/deploy-script.ts";
import type { Extractor } from "../types/facts.ts";
import type { MakeVariable } from "../types/makefile.ts";
import { entries, get } from "./nodes.ts";

const maxLength = 1024 * 1024;
const maxRecipes = 200;
/** Longer values, and values of more parts, name no service. */
const maxValue = 2000;
const maxParts = 10;
/** What a recipe must name to be of interest. */
const PROGRAM = "gcloud";

/** The recipes of a Makefile and the scripts of a package.json that run gcloud, by their targets and names. */
export const recipesExtractor: Extractor<"recipes"> = {
  kind: "recipes",
  version: 1,
  prepare: () => prepareShell(),
  deferrable: true,
  extract(source) {
    const bytes = source.bytes();
    if (bytes.length > maxLength || !bytes.includes(PROGRAM)) return { recipes: [], variables: {}, lineStarts: [0] };
    const text = source.text();
    return /^\s*\{/.test(text) ? packageScripts(text) : makeRecipes(text);
  },
};

function packageScripts(text: string): Recipes {
  const file = parseData(text);
  const recipes: Recipe[] = [];
  for (const { key, value } of entries(get(file.documents[0]?.root ?? null, "scripts"))) {
    if (value.kind !== "scalar" || !value.text.includes(PROGRAM) || recipes.length >= maxRecipes) continue;
    const { commands } = parseShell(value.text, scalarOffsets(text, value), file.lineStarts);
    recipes.push({ name: key.text, commands });
  }
  return { recipes, variables: {}, lineStarts: file.lineStarts };
}

function makeRecipes(text: string): Recipes {
  const lineStarts = lineStartsOf(text);
  const { rules, variables } = parseMakefile(text.split(/\r?\n/));
  const recipes: Recipe[] = [];
  for (const { targets, recipe } of rules) {
    if (!recipe.some((line) => line.text.includes(PROGRAM)) || recipes.length >= maxRecipes) continue;
    const script = recipeScript(recipe, lineStarts);
    recipes.push({ name: targets[0] ?? "", commands: parseShell(script.text, script.toFile, lineStarts).commands });
  }
  return { recipes, variables: textsOf(variables), lineStarts };
}

/**
 * Variables that a Makefile sets once, to text that needs no function. A `?=` is the environment's to set, and what stands in a conditional
 * may not hold (gnu.org/software/make/manual, Setting Variables).
 */
function textsOf(variables: readonly MakeVariable[]): Record<string, string> {
  const values = new Map<string, string | null>();
  for (const { name, operator, value, conditional } of variables) {
    const plain = value.length <= maxValue && value.split("$").length <= maxParts;
    const told = plain && !conditional && !values.has(name) && (operator === "=" || operator === ":=");
    values.set(name, told ? value.trim() : null);
  }
  const known: Record<string, string> = {};
  for (const [name, value] of values) {
    if (value === null) continue;
    // Variables of variables, as far as they are text themselves.
    const whole = expandReferences(value, (other) => values.get(other) ?? undefined);
    if (!whole.includes("$")) known[name] = whole;
  }
  return known;
}
