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

interface Makefile {
  rules: Map<string, Rule>;
  /** What `make` alone makes. */
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
  const makefile = readMakefile(source, lines, situation.env);
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

function readMakefile(path: RepoPath, lines: readonly string[], env: Situation["env"]): Makefile {
  const makefile: Makefile = { rules: new Map(), first: null, variables: new Map(), exported: new Set() };
  let open: Rule[] = [];
  for (let at = 0; at < lines.length; at++) {
    const first = at;
    let text = lines[at]!;
    while (text.endsWith("\\") && at + 1 < lines.length) text = `${text.slice(0, -1)} ${lines[++at]!.trim()}`;
    const place: Location = {
      path,
      start: { line: first + 1, column: 1 },
      end: { line: at + 1, column: lines[at]!.length + 1 },
    };
    if (text.startsWith("\t")) {
      const prefix = /^\t\s*([@+-]*)\s*/.exec(text)!;
      const command = { text: text.slice(prefix[0].length), optional: prefix[1]!.includes("-") };
      const start = { line: first + 1, column: prefix[0].length + 1 };
      for (const rule of open) rule.recipe.push({ ...command, at: { ...place, start } });
      continue;
    }
    const plain = text.replace(/\s*(?:^|\s)#.*$/, "");
    if (plain.trim() === "") continue;
    const assignment = /^\s*(export\s+)?([A-Za-z_]\w*)\s*(:{1,3}|\?|\+)?=\s*(.*?)\s*$/.exec(plain);
    if (assignment) {
      const [, exported, name = "", operator, value = ""] = assignment;
      if (operator === "?" && env.has(name)) continue;
      makefile.variables.set(name, makefile.variables.has(name) || /\$/.test(value) ? null : value);
      if (exported) makefile.exported.add(name);
      continue;
    }
    const rule = /^([^\s:=#%$][^:=#%$]*?)\s*::?(?!=)\s*([^=;]*)(?:;(.*))?$/.exec(plain);
    if (!rule) {
      // A conditional may leave out what it holds, but says nothing of the recipe that is open.
      if (!/^(?:ifn?eq|ifn?def|else|endif)\b/.test(plain.trim())) open = [];
      continue;
    }
    open = [];
    const prerequisites = (rule[2] ?? "")
      .split("|")
      .join(" ")
      .split(/\s+/)
      .filter((one) => one !== "");
    for (const target of rule[1]!.split(/\s+/)) {
      const known = makefile.rules.get(target) ?? { prerequisites: [], recipe: [], at: place };
      known.prerequisites.push(...prerequisites);
      makefile.rules.set(target, known);
      open.push(known);
      if (!target.startsWith(".")) makefile.first ??= target;
      if (rule[3]?.trim()) known.recipe.push({ text: rule[3].trim(), optional: false, at: place });
    }
  }
  return makefile;
}

/** A recipe line as its shell gets it. `$(NAME)` is a command to the shell, and so not known. */
function expanded(
  text: string,
  target: string,
  { variables }: Makefile,
  env: ReadonlyMap<string, string | null>,
): string {
  return text.replace(/\$(?:[$@<^?*+]|[({](\w+)[)}])/g, (whole, name: string | undefined) => {
    if (whole === "$$") return "$";
    if (whole === "$@") return target;
    if (name === undefined) return "$(automatic)";
    if (name === "MAKE") return "make";
    return variables.get(name) ?? (variables.has(name) ? `$(${name})` : (env.get(name) ?? `\${${name}}`));
  });
}
