import { directoryOf } from "../../text/paths.ts";
import type {
  OrderFinding,
  OrderQuestion,
  Site,
  StartupObservation,
  StartupObservationKind,
} from "../../types/startup.ts";
import { sitesBelow } from "./declared.ts";
import { add, give, judge, judgeClasses, type Look, type Matcher, receiversOf, subjectOf } from "./judging.ts";
import { runOrderOf, siteName } from "./steps.ts";
import { isTest } from "./test-code.ts";
import type { StartupWorld } from "./world.ts";

/**
 * Orders that frameworks prescribe, asked of each start like declared ones. Objects are told apart by the place that makes
 * them, so another application's routes do not count.
 */

const named = (site: Site, pattern: RegExp): boolean => site.names.some((name) => pattern.test(name));

const fastifyRegistrations =
  /^fastify\.(?:get|post|put|delete|patch|head|options|all|route|addHook|register|decorate|decorateRequest|decorateReply|setErrorHandler|setNotFoundHandler|addSchema|addContentTypeParser)$/;
const nestRegistrations = /NestFactory\.create\.(?:useGlobal\w+|setGlobalPrefix|enableCors|enableVersioning)$/;
const instrumented =
  /^(?:express|fastify|koa|@nestjs\/core|@hapi\/hapi|http|https|http2|pg|mysql|mysql2|mysql2\/promise|mongodb|mongoose|redis|ioredis|knex|sequelize|typeorm|graphql|amqplib|kafkajs|undici|@aws-sdk\/[\w-]+|socket\.io|restify|connect)$/;
const instruments =
  /^(?:@sentry\/[\w-]+\.init|@opentelemetry\/sdk-node\.NodeSDK\.start|dd-trace\.init|dd-trace\.tracer\.init|elastic-apm-node\.start)$/;
/** Drivers whose calls fail before the connection is there; those that queue (mongoose, pg, ioredis, Prisma) do not count. */
const drivers =
  /^(?:redis\.createClient\.connect|redis\.createCluster\.connect|typeorm\.DataSource\.initialize|typeorm\.createConnection|amqplib\.connect|kafkajs\.Kafka\.\w+\.connect|sequelize\.Sequelize\.authenticate|nats\.connect)$/;
/** Of them those that queue what is asked of them once `connect` is called, unless told not to (node-redis, docs/FAQ.md). */
const queues = /^redis\.create(?:Client|Cluster)\.connect$/;
const readyFlag = /(?:^|\.)[\w$]+\.(?:ready|isReady|is_ready|startup_complete|startupComplete)$/;
const preparation = /^_*(?:init|connect|warm|load)/;

/** Judges the prescribed orders on every start of a process. */
export function protocolObservations(
  world: StartupWorld,
): ReadonlyMap<StartupObservationKind, readonly StartupObservation[]> {
  const made = new Map<StartupObservationKind, StartupObservation[]>();
  world.lowering.finish();
  for (const root of world.entries) {
    const sites = sitesBelow(world, root.key).filter((site) => !isTest(site.place.path));
    const look: Look = { world, root, sites, made };
    afterStart(look);
    routesAfterListen(look);
    errorHandlers(look);
    listenBeforeConnect(look);
    readyBeforeInit(look);
    instrumentAfterImport(look);
  }
  return made;
}

/** Registrations on an application that has started: Starlette, Fastify and Nest throw. */
function afterStart(look: Look): void {
  const { sites } = look;
  const starts = sites.filter((site) => site.role === "application-start");
  const added = sites.filter(
    (site) =>
      named(site, /^(?:fastapi|starlette)\..*\.add_middleware$/) ||
      (site.form === "decorator" && named(site, /^(?:fastapi|starlette)\..*\.middleware$/)),
  );
  const receivers = added.length === 0 ? [] : receiversOf(starts);
  // Two classes for each application: its starts, and what is added to it.
  const classes = new Map<Site, number[]>();
  for (const [index, receiver] of receivers.entries()) {
    for (const site of starts) if (site.receiver === receiver) give(classes, site, 2 * index);
    for (const site of added) {
      const isOn = site.receiver === receiver || (receivers.length === 1 && site.receiver === undefined);
      if (isOn) give(classes, site, 2 * index + 1);
    }
  }
  const asked = receivers.map((_, index): OrderQuestion => ({ kind: "last", last: 2 * index, among: 2 * index + 1 }));
  for (const one of judgeClasses(look, classes, 2 * receivers.length, asked)) {
    if (one.verdict !== "reversed" || !one.site) continue;
    add(
      look,
      "register-after-start",
      one.site,
      subjectOf(one.site),
      {
        name: siteName(one.site),
        started: "the application starts",
        error: "RuntimeError: Cannot add middleware after an application has started",
      },
      { chain: one.chain },
    );
  }
  const listens = sites.filter(
    (site) => named(site, /^fastify\.(?:listen|ready)$/) || named(site, /NestFactory\.create\.(?:listen|init)$/),
  );
  for (const receiver of receiversOf(listens)) {
    const started: Matcher = (site) => listens.includes(site) && site.receiver === receiver && site.mode === "await";
    const calledBack: Matcher = (site) => listens.includes(site) && site.receiver === receiver && site.mode !== "await";
    const registers: Matcher = (site) =>
      site.receiver === receiver && (named(site, fastifyRegistrations) || named(site, nestRegistrations));
    const found = judge(
      look,
      [started, calledBack, registers],
      [
        { kind: "last", last: 0, among: 2 },
        { kind: "last", last: 1, among: 2 },
      ],
    );
    for (const one of found) {
      if (one.verdict !== "reversed" || !one.site) continue;
      // What a plugin does belongs to its registration, which is judged by itself.
      const isPlugin = one.chain.some((call) =>
        sites.some((site) => isSame(site, call) && named(site, /^fastify\.register$/)),
      );
      if (isPlugin) continue;
      const { otherSite } = one;
      const inside = (site: Site, around: Site): boolean =>
        site.place.path === around.place.path &&
        site.place.start >= around.place.start &&
        site.place.end <= around.place.end;
      // Without `await`, what follows in the same turn still comes in time; only the callback is too late.
      if (
        one.entry === 1 &&
        !(otherSite && (inside(one.site, otherSite) || one.chain.some((call) => inside(call, otherSite))))
      )
        continue;
      const nest = named(one.site, nestRegistrations);
      // `ready` alone closes the instance to routes, hooks and plugins only.
      if (
        otherSite &&
        named(otherSite, /^fastify\.ready$/) &&
        !named(one.site, /^fastify\.(?:get|post|put|delete|patch|head|options|all|route|addHook|register)$/)
      )
        continue;
      add(
        look,
        "register-after-start",
        one.site,
        subjectOf(one.site),
        {
          name: siteName(one.site),
          started: `${otherSite ? siteName(otherSite) : "listen"} has started the application`,
          error: nest ? "it has no effect" : fastifyError(one.site),
        },
        {
          chain: one.chain,
          other: otherSite,
          otherMessage: "started here",
          order: runOrderOf(look.world, look.root, one, "site"),
        },
      );
    }
  }
}

/** What Fastify throws; measured with version 5. */
function fastifyError(site: Site): string {
  if (named(site, /^fastify\.register$/)) return "AVV_ERR_ROOT_PLG_BOOTED";
  if (named(site, /^fastify\.decorate/)) return "FST_ERR_DEC_AFTER_START";
  if (named(site, /^fastify\.addContentTypeParser$/)) return "FST_ERR_CTP_INSTANCE_ALREADY_STARTED";
  return "FST_ERR_INSTANCE_ALREADY_LISTENING";
}

const isSame = (a: Site, b: Site): boolean =>
  a.place.path === b.place.path && a.place.start === b.place.start && a.place.end === b.place.end;

/** Express and Koa: a route that is registered while requests already come in. */
function routesAfterListen(look: Look): void {
  const listens = look.sites.filter((site) => named(site, /^(?:express|koa|https?\.createServer)\.listen$/));
  for (const receiver of receiversOf(listens)) {
    const listen: Matcher = (site) => site.receiver === receiver && listens.includes(site);
    const registers: Matcher = (site) =>
      site.receiver === receiver &&
      site.role !== "reads" &&
      named(site, /^(?:express|koa)\.(?:use|get|post|put|delete|patch|head|options|all|route)$/);
    for (const one of judge(look, [listen, registers], [{ kind: "last", last: 0, among: 1 }])) {
      if (one.verdict !== "reversed" || !one.site || !one.otherSite) continue;
      if (one.site.place.path !== one.otherSite.place.path) continue;
      add(
        look,
        "routes-after-listen",
        one.site,
        subjectOf(one.site),
        { name: siteName(one.site), listen: siteName(one.otherSite) },
        {
          other: one.otherSite,
          otherMessage: "listens from here on",
          order: runOrderOf(look.world, look.root, one, "site"),
        },
      );
    }
  }
}

/** Express: an error handler sees only errors of what was registered before it. */
function errorHandlers(look: Look): void {
  const handlers = look.sites.filter((site) => site.role === "error-handler");
  for (const receiver of receiversOf(handlers)) {
    const mine = handlers.filter((site) => site.receiver === receiver);
    const route: Matcher = (site) => site.role === "route" && site.receiver === receiver && named(site, /^express\./);
    const matchers = [
      route,
      ...mine.map(
        (handler): Matcher =>
          (site) =>
            site === handler,
      ),
    ];
    // The last handler decides: an earlier one may be meant for the routes before it.
    const questions = mine.map((_, index): OrderQuestion => ({ kind: "last", last: index + 1, among: 0 }));
    const found = judge(look, matchers, questions);
    for (const [index, handler] of mine.entries()) {
      const late = found.find((one) => one.entry === index && one.verdict === "reversed");
      if (!late?.site || runsBefore(late, handler)) continue;
      const routes = found
        .filter((one) => one.entry === index && one.verdict === "reversed")
        .map((one) => one.site?.id);
      const covered = mine.some(
        (_, at) => at !== index && routes.every((id) => !found.some((one) => one.entry === at && one.site?.id === id)),
      );
      if (covered) continue;
      add(
        look,
        "error-handler-before-routes",
        handler,
        subjectOf(handler),
        { route: siteName(late.site) },
        {
          other: late.site,
          otherMessage: "registered after the error handler",
        },
      );
    }
  }
}

/** Whether a site stands above another in a module's own top level: however often the module is imported, that runs once. */
function runsBefore({ site, chain }: OrderFinding, other: Site): boolean {
  const last = chain.at(-1);
  const atTop = last === undefined || last.form === "import" || named(last, /^import$/);
  return atTop && site?.place.path === other.place.path && site.place.start < other.place.start;
}

/** Whether what has one of the names comes before `later`, name by name; an entry is the index of its name. */
function namedBefore(
  look: Look,
  sites: readonly Site[],
  names: readonly string[],
  later: readonly Site[],
): OrderFinding[] {
  const matchers: Matcher[] = [
    (site) => later.includes(site),
    ...names.map(
      (name): Matcher =>
        (site) =>
          sites.includes(site) && subjectOf(site) === name,
    ),
  ];
  const questions = names.map((_, index): OrderQuestion => ({ kind: "order", before: [index + 1], after: 0 }));
  return judge(look, matchers, questions);
}

/** Server start while a connection is still being made. */
function listenBeforeConnect(look: Look): void {
  const { sites } = look;
  const listens = sites.filter(
    (site) =>
      site.form === "call" && !site.own && named(site, /(?:^|\.)[\w$()]+\.listen$/) && !/\.py$/.test(site.place.path),
  );
  if (listens.length === 0) return;
  const connects = sites.filter(
    (site) =>
      site.form === "call" &&
      !/\.py$/.test(site.place.path) &&
      (site.own ? isOwnConnect(look, site) : named(site, drivers)),
  );
  const names = [...new Set(connects.map(subjectOf))];
  if (names.length === 0) return;
  for (const one of namedBefore(look, connects, names, listens)) {
    if (!one.site || (one.verdict !== "racing" && one.verdict !== "reversed") || one.inHandler) continue;
    // A connection that is made elsewhere may have nothing to do with this server (a setup page, a metrics port).
    if (one.verdict === "reversed" && one.chain.some((call, at) => one.otherChain[at] !== call)) continue;
    const how = one.verdict === "racing" && one.otherSite?.handled ? "handled" : one.verdict;
    if (one.otherSite && named(one.otherSite, queues) && (how === "handled" || reportsErrors(look, one.otherSite)))
      continue;
    // What a timer does later is another attempt, and none that the start could wait for.
    if (one.otherChain.some((site) => site.role === "timer")) continue;
    add(
      look,
      "listen-before-connect",
      one.site,
      subjectOf(one.site),
      {
        name: siteName(one.site),
        connect: one.otherSite ? siteName(one.otherSite) : (names[one.entry] ?? ""),
        how,
      },
      {
        level: how === "racing" ? "error" : "warning",
        other: one.otherSite,
        otherMessage: one.verdict === "racing" ? "started here, not awaited" : "connects only here",
        order: runOrderOf(look.world, look.root, one, "other"),
        chain: one.chain,
      },
    );
  }
}

/** `client.on("error", …)` stands beside it: the client goes on trying to connect instead of failing. */
const reportsErrors = (look: Look, { receiver }: Site): boolean =>
  receiver !== undefined && look.sites.some((site) => site.role === "takes-errors" && site.receiver === receiver);

/** An own `connectX` that does more than open a connection which queues by itself. */
function isOwnConnect(look: Look, site: Site): boolean {
  const name = (site.names[0] ?? "").split(".").at(-1) ?? "";
  if (!/^connect(?:[A-Z_].*)?$/.test(name) || site.target === undefined) return false;
  const inner = sitesBelow(look.world, site.target);
  const buffers = inner.some(
    (one) => !one.own && named(one, /^(?:mongoose\.(?:default\.)?connect|mongoose\.createConnection)$/),
  );
  return !buffers || inner.some((one) => !one.own && named(one, drivers));
}

/** "Ready" is said while preparations still follow. */
function readyBeforeInit(look: Look): void {
  const flags = look.sites.filter(
    (site) => site.form === "assign" && /^(?:true|True)$/.test(site.value ?? "") && named(site, readyFlag),
  );
  if (flags.length === 0) return;
  const steps = look.sites.filter(
    (site) =>
      site.form === "call" &&
      site.own &&
      site.mode === "await" &&
      preparation.test((site.names[0] ?? "").split(".").at(-1) ?? ""),
  );
  const names = [...new Set(steps.map(subjectOf))].slice(0, 200);
  if (names.length === 0) return;
  for (const one of namedBefore(look, steps, names, flags)) {
    if (!one.site || one.verdict !== "reversed" || one.inHandler) continue;
    // A part that says of itself that it is ready says nothing of what others still do.
    const isPart = /^(?:self|this)\./.test(one.site.names[0] ?? "");
    if (isPart && one.chain.some((call, at) => one.otherChain[at] !== call)) continue;
    add(
      look,
      "ready-before-init",
      one.site,
      one.site.names[0] ?? "",
      { name: one.site.names[0] ?? "", step: one.otherSite ? siteName(one.otherSite) : "" },
      {
        other: one.otherSite,
        otherMessage: "still to come",
        order: runOrderOf(look.world, look.root, one, "other"),
        chain: one.chain,
      },
    );
  }
}

/** Instrumentation patches modules as they are loaded; what is loaded before stays unpatched. */
/** Before version 8 Sentry patched no module while it is loaded: an application hands its server to `init`, whenever that is. */
function isEarlySentry({ world }: Look, { names, place }: Site): boolean {
  if (!names.some((name) => /sentry/i.test(name))) return false;
  for (let directory = place.path; directory !== ""; ) {
    directory = directoryOf(directory);
    const file = directory === "" ? "package.json" : `${directory}/package.json`;
    const lines = world.input.files.has(file) ? (world.input.facts.get("lines", file)?.lines ?? []) : [];
    for (const line of lines) {
      const major = /"@sentry\/(?!utils|types|core)[\w-]+"\s*:\s*"[^"\d]*(\d+)/.exec(line)?.[1];
      if (major !== undefined) return Number(major) < 8;
    }
  }
  return false;
}

function instrumentAfterImport(look: Look): void {
  const { sites, root, world } = look;
  const starts = sites.filter((site) => site.form === "call" && named(site, instruments) && !isEarlySentry(look, site));
  if (starts.length === 0) return;
  const point = world.input.known.entries.points.find((one) =>
    one.parts.some((part) => part.path === root.path || part.builtFrom === root.path),
  );
  if (
    point?.parts.some((part) => part.role === "preload") ||
    /(?:^|\s)(?:--import|--require|-r|--loader|--experimental-loader)[\s=]/.test(point?.command ?? "")
  )
    return;
  const imports = sites.filter(
    (site) =>
      site.form === "import" && !site.own && site.names.some((name) => instrumented.test(name.replace(/^node:/, ""))),
  );
  const names = [...new Set(imports.map((site) => site.names[0] ?? ""))];
  const matchers: Matcher[] = [
    (site) => starts.includes(site),
    ...names.map(
      (name): Matcher =>
        (site) =>
          imports.includes(site) && site.names[0] === name,
    ),
  ];
  const questions = names.map((_, index): OrderQuestion => ({ kind: "last", last: index + 1, among: 0 }));
  if (questions.length === 0) return;
  const early = judge(look, matchers, questions).filter(
    (one) => one.verdict === "reversed" && one.site && one.otherSite,
  );
  // One late start is one mistake, however many modules come before it: the nearest is reported, the others beside it.
  for (const start of starts) {
    const [first, ...others] = early
      .filter((one) => one.site === start)
      .sort((a, b) => a.otherChain.length - b.otherChain.length || (names[a.entry]! < names[b.entry]! ? -1 : 1));
    if (!first?.otherSite) continue;
    const module = names[first.entry] ?? "";
    const count = others.length === 0 ? "" : ` (and ${others.length} more)`;
    add(
      look,
      "instrument-after-import",
      first.otherSite,
      module,
      { module: `${module}${count}`, start: siteName(start) },
      {
        // Through several modules somebody may have meant it so; side by side nobody has.
        level: first.otherChain.length <= 1 ? "error" : "warning",
        other: start,
        otherMessage: "instruments only here",
        order: runOrderOf(look.world, root, first, "site"),
        chain: first.otherChain,
      },
    );
  }
}
