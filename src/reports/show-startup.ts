import type { ShownRoot, StartupModel } from "../types/startup.ts";
import type { Location } from "../types/text.ts";
import { terminal } from "./escape.ts";

/** `predeploy show startup --format json`: version 1 of the interface; keys are only ever added. */
export function startupJson(model: StartupModel): unknown {
  return {
    roots: model.show().map(({ root, events }) => ({
      root,
      events: events.map(({ selector, at, mode, chain }) => ({ selector, at, mode, chain })),
    })),
  };
}

/** `predeploy show startup`: per root its events in the order of the text, how certain each is, and how it is reached. */
export function startupText(model: StartupModel): string {
  const roots = model.show();
  if (roots.length === 0) {
    return "No start of a process was found: no image command, no Procfile, no package that starts, no `startup:` root in predeploy.yml.\n";
  }
  return `${roots.map(rootText).join("\n\n")}\n`;
}

const marks = { must: "always ", may: "maybe  ", pending: "pending" } as const;

function rootText({ root, events }: ShownRoot): string {
  const lines = [`Root ${terminal(root)}`];
  if (events.length === 0) lines.push("  no event of the selectors is reached");
  for (const { selector, at, mode, chain } of events) {
    lines.push(`  ${marks[mode]}  ${placeText(at)}  ${terminal(selector)}`);
    if (chain.length > 0)
      lines.push(`           by ${chain.map((step) => `${terminal(step.name)} ${placeText(step.at)}`).join(" > ")}`);
  }
  return lines.join("\n");
}

const placeText = (at: Location): string => `${terminal(at.path)}:${at.start.line}`;
