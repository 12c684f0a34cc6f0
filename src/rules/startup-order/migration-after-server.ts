import type { StartScript } from "../../types/image.ts";
import type { Check } from "../../types/rule.ts";
import { migrationIn } from "./migration.ts";

/** Servers that stay in the foreground, behind what only starts them; `node` runs scripts as often. */
const server =
  /^(?:exec\s+)?(?:(?:poetry|uv|pdm|pipenv)\s+run\s+|bundle\s+exec\s+|npx\s+|python\S*\s+-m\s+)?(?:(?:\S*\/)?(?:uvicorn|gunicorn|hypercorn|daphne|granian|uwsgi|waitress-serve)\b|(?:python\S*(?:\s+-[A-Za-z]\S*)*\s+)?\S*manage\.py\s+runserver\b|(?:bin\/)?rails\s+s(?:erver)?\b|next\s+start\b|nest\s+start\b|(?:fastapi|flask)\s+run\b)/;
const elsewhere = /\s(?:-D|--daemon\w*|--daemonize\S*|--check-config|--print-config|--version|--help)\b/;

/** Migrations that a start script puts behind the server that needs them. */
export const migrationAfterServer: Check<"imageContents", "startup-order/migration-after-server"> = {
  needs: ["imageContents"],
  *run({ imageContents }) {
    for (const script of imageContents.scripts.values()) {
      const { steps } = script;
      const from = serverOf(script);
      const start = steps[from];
      // One that comes before it as well is what the server needs.
      if (!start || steps.slice(0, from).some(({ text }) => migrationIn(text))) continue;
      let background = start.background;
      for (const { text, at, conditional } of steps.slice(from + 1)) {
        // `wait` stays until what was put into the background has ended.
        if (!conditional && /^wait\b/.test(text)) background = false;
        const migration = conditional ? null : migrationIn(text);
        if (!migration) continue;
        const outcome = start.last
          ? "it never runs, for `exec` has put the server in the place of the script"
          : background
            ? "the server, in the background, answers requests on the old schema meanwhile"
            : "it runs only once the server has ended";
        yield {
          message: `\`${migration.text}\` stands behind the server's start: ${outcome}. Move it before \`${start.text.slice(0, 60)}\`.`,
          subject: migration.text,
          at,
          severity: background ? "warning" : "error",
          related: [{ ...start.at, message: "the server is started here" }],
        };
        break;
      }
    }
  },
};

/** The first step behind which the script stays: a server, or the last branch of an `if` of which each ends in one or in the command it is given. */
function serverOf({ steps, choices }: StartScript): number {
  const plain = steps.findIndex((step) => !step.conditional && stays(step));
  for (const ends of choices) {
    const last = ends.at(-1)!;
    if (plain !== -1 && plain < last) break;
    const each = ends.map((end) => steps[end]!);
    const given = ({ text }: Step) => /^(?:exec )?"?\$[@*]"?$/.test(text);
    if (each.some((step) => server.test(step.text)) && each.every((step) => given(step) || stays(step))) return last;
  }
  return plain;
}

type Step = StartScript["steps"][number];

function stays({ text, last }: Step): boolean {
  return last || (server.test(text) && !elsewhere.test(text));
}
