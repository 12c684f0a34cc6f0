import type { Expression } from "../../types/code.ts";
import type { StartupObservation, StartupObservationKind } from "../../types/startup.ts";
import { middlewareRole } from "./calls-python.ts";
import { sitesBelow } from "./declared.ts";
import { add, judge, type Look, receiversOf, subjectOf } from "./judging.ts";
import type { Context } from "./lower.ts";
import { eachExpression, eachStatement, expressionsOf, placeOf } from "./program.ts";
import { siteName } from "./steps.ts";
import { isTest } from "./test-code.ts";
import { type Frame, lastName, noEnvironment } from "./values.ts";
import type { StartupWorld } from "./world.ts";

/** Middlewares in an order in which one of them cannot work. Starlette wraps: what is added last runs first. */
export function middlewareObservations(
  world: StartupWorld,
): ReadonlyMap<StartupObservationKind, readonly StartupObservation[]> {
  const made = new Map<StartupObservationKind, StartupObservation[]>([["middleware-order", []]]);
  world.lowering.finish();
  for (const root of world.entries) {
    const sites = sitesBelow(world, root.key).filter((site) => !isTest(site.place.path));
    const look: Look = { world, root, sites, made };
    sessions(look);
    catchers(look);
  }
  sessionLists(world, made.get("middleware-order") as StartupObservation[]);
  return made;
}

function sessions(look: Look): void {
  const given = look.sites.filter((site) => site.role === "session");
  for (const receiver of receiversOf(given)) {
    const found = judge(
      look,
      [
        (site) => site.role === "session" && site.receiver === receiver,
        (site) => site.role === "session-reader" && site.receiver === receiver,
      ],
      [{ kind: "last", last: 0, among: 1 }],
    );
    for (const one of found) {
      if (one.verdict !== "reversed" || !one.site) continue;
      add(
        look,
        "middleware-order",
        one.site,
        subjectOf(one.site),
        { how: "session" },
        {
          other: one.otherSite,
          otherMessage: "SessionMiddleware is added here, so it runs after",
        },
      );
    }
  }
}

/** `middleware=[Middleware(A), Middleware(B)]`: the first of the list runs first. */
function sessionLists(world: StartupWorld, made: StartupObservation[]): void {
  const { resolver } = world.lowering;
  for (const module of resolver.program.loaded()) {
    if (module.code.language !== "python" || isTest(module.path)) continue;
    const frame: Frame = { scope: module.scope, env: noEnvironment };
    const context = { frame, module } as Context;
    const look = (at: Expression): void => {
      if (at.kind !== "call") return;
      const list = at.args.find((one) => one.name === "middleware")?.value;
      const value = list ? resolver.evaluate(list, frame) : null;
      if (value?.kind !== "list") return;
      const roles = value.items.map((item) =>
        item.kind === "call" && lastName(item.callee) === "Middleware" && item.args[0]
          ? middlewareRole(world.lowering, item.args[0].value, context)
          : undefined,
      );
      const session = roles.indexOf("session");
      for (const [index, role] of roles.entries()) {
        if (role !== "session-reader" || session === -1 || index > session) continue;
        const item = value.items[index] as Expression;
        const home = value.frame.scope.module;
        made.push({
          at: world.locate(placeOf(home, item)),
          subject: item.kind === "call" && item.args[0] ? lastName(item.args[0].value) : "Middleware",
          words: { how: "session-list" },
          related: [
            {
              ...world.locate(placeOf(home, value.items[session] as Expression)),
              message: "SessionMiddleware comes later in the list, so it runs after",
            },
          ],
        });
      }
    };
    for (const body of [module.code.body, ...module.functions.map((fn) => fn.node.body)]) {
      eachStatement(body, (statement) => {
        for (const one of expressionsOf(statement)) eachExpression(one, look);
      });
    }
  }
}

/** Koa runs middlewares in the order of `use`: one that catches sees only errors of those after it. */
function catchers(look: Look): void {
  const mine = look.sites.filter((site) => site.role === "catcher");
  for (const receiver of receiversOf(mine)) {
    const routes = look.sites.filter(
      (site) => site.role === "route" && site.receiver === receiver && site.names.some((name) => name === "koa.use"),
    );
    const found = judge(
      look,
      [
        (site) => site.role === "catcher" && site.receiver === receiver,
        ...routes.map((route) => (site: typeof route) => site === route),
      ],
      routes.flatMap((_, index) => [
        { kind: "last" as const, last: index + 1, among: 0 },
        { kind: "last" as const, last: 0, among: index + 1 },
      ]),
    );
    for (const [index, route] of routes.entries()) {
      const late = found.find((one) => one.entry === index * 2 && one.verdict === "reversed");
      const caughtBefore = found.some((one) => one.entry === index * 2 + 1);
      if (!late?.site || caughtBefore) continue;
      add(
        look,
        "middleware-order",
        route,
        subjectOf(route),
        { how: "catch", name: siteName(late.site) },
        {
          other: late.site,
          otherMessage: "catches only the errors of what is used after it",
        },
      );
    }
  }
}
