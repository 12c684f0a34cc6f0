import { expandReferences, joinedLine, parseMakefile } from "../../sources/makefile.ts";
import type { Related } from "../../types/finding.ts";
import type { Location, RepoPath } from "../../types/text.ts";
import { joinPath } from "./places.ts";
import { optionValue, readOptions, type Situation, type Walk } from "./walk.ts";
import type { Word } from "./words.ts";

const SWITCHES = new Set(
  "-B -e -i -j -k -n -q -r -R -s -S -t -w -b -m --always-make --silent --quiet --keep-going --no-print-directory --ignore-errors --jobs".split(
    " ",
  ),
);
/** In the order in which GNU make looks for them (gnu.org/software/make/manual, Makefile Names). */
const NAMES = ["GNUmakefile", "makefile", "Makefile"];

interface Rule {
  prerequisites: string[];
  recipe: { text: string; optional: boolean; at: Location }[];
  at: Location;
}

interface PlacedMakefile {
  rules: Map<string, Rule>;
  /** What `make` alone makes; null where that is not known. */
  first: string | null;
  /** Variables that are set once, to a text; null for the others. */
  variables: Map<string, string | null>;
  exported: Set<string>;
}

/**
 * `make TARGET`: its recipe, after those of what it needs, each line in a shell of its own. False where the Makefile or the target is not
 * known: it may then make anything.
 */
export function runMake(args: readonly Word[], situation: Situation, walk: Walk): boolean {
  const options = readOptions(args, SWITCHES);
  if (situation.cwd === null || args.some(({ known }) => !known)) return false;
  const directory = joinPath(situation.cwd, optionValue(options, "-C", "--directory")?.text ?? ".");
  const given = optionValue(options, "-f", "--file", "--makefile")?.text;
  const source = (given === undefined ? NAMES : [given]).flatMap((name) => {
    const answer = walk.places.answer(joinPath(directory, name));
    return answer.status === "file" && answer.source !== null ? [answer.source] : [];
  })[0];
  const lines = source === undefined ? null : walk.facts.lines(source);
  if (source === undefined || lines === null) return false;
  const makefile = placedMakefile(source, lines, situation.env);
  const env = new Map(situation.env);
  const words = options.rest.filter(({ text }) => !/^\d+$/.test(text));
  for (const { text } of words) {
    const set = /^(\w+)=(.*)$/s.exec(text);
    if (set) makefile.variables.set(set[1]!, set[2]!);
  }
  for (const name of makefile.exported) env.set(name, makefile.variables.get(name) ?? null);
  const named = words.flatMap(({ text }) => (text.includes("=") ? [] : [text]));
  const targets = named.length > 0 ? named : makefile.first === null ? [] : [makefile.first];
  if (targets.length === 0 || !targets.every((target) => makefile.rules.has(target))) return false;
  const order = orderOf(targets, makefile.rules);
  for (const [index, target] of order.entries()) {
    const rule = makefile.rules.get(target)!;
    const step: Related = { ...rule.at, message: `target \`${target}\`` };
    for (const [line, { text, optional, at }] of rule.recipe.entries()) {
      const isLast = index === order.length - 1 && line === rule.recipe.length - 1;
      walk.runText(expanded(text, target, makefile, env), () => at, {
        ...situation,
        env,
        cwd: directory,
        parameters: [],
        role: isLast ? situation.role : "before",
        chain: [...situation.chain, step],
        optional: situation.optional || optional,
        depth: situation.depth + 1,
      });
    }
  }
  return true;
}

/** Targets with what they need before them, each once. */
function orderOf(targets: readonly string[], rules: ReadonlyMap<string, Rule>): string[] {
  const found = new Set<string>();
  const open = new Set<string>();
  const visit = (target: string): void => {
    const rule = rules.get(target);
    if (!rule || found.has(target) || open.has(target)) return;
    open.add(target);
    rule.prerequisites.forEach(visit);
    found.add(target);
  };
  targets.forEach(visit);
  return [...found];
}

function placedMakefile(path: RepoPath, lines: readonly string[], env: Situation["env"]): PlacedMakefile {
  const { rules, variables } = parseMakefile(lines);
  const makefile: PlacedMakefile = { rules: new Map(), first: null, variables: new Map(), exported: new Set() };
  for (const { name, operator, value, exported } of variables) {
    if (operator === "?=" && env.has(name)) continue;
    const isKnown = operator !== "!=" && !makefile.variables.has(name) && !value.includes("$");
    makefile.variables.set(name, isKnown ? value : null);
    if (exported) makefile.exported.add(name);
  }
  let first: string | undefined;
  for (const { targets, prerequisites, recipe, start, end } of rules)
    for (const target of targets) {
      if (target.includes("%")) continue;
      if (!target.startsWith(".") || target.includes("/")) first ??= target;
      const known = makefile.rules.get(target) ?? { prerequisites: [], recipe: [], at: { path, start, end } };
      known.prerequisites.push(...prerequisites);
      for (const line of recipe)
        known.recipe.push({
          text: joinedLine(line),
          optional: line.optional,
          at: { path, start: line.starts[0], end: line.end },
        });
      makefile.rules.set(target, known);
    }
  const goal = makefile.variables.get(".DEFAULT_GOAL");
  makefile.first = goal === undefined ? (first ?? null) : goal;
  return makefile;
}

/** A recipe line as its shell gets it. `$(NAME)` is a command to the shell, and so not known. */
function expanded(
  text: string,
  target: string,
  { variables }: PlacedMakefile,
  env: ReadonlyMap<string, string | null>,
): string {
  return expandReferences(text, (name) => {
    if (name === "@") return target;
    if (/^\W$/.test(name)) return "$(automatic)";
    if (!/^\w+$/.test(name)) return variables.get(name) ?? undefined;
    if (name === "MAKE") return "make";
    return variables.get(name) ?? (variables.has(name) ? `$(${name})` : (env.get(name) ?? `\${${name}}`));
  });
}
