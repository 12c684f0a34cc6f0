import { covers, domainOf } from "../../text/hosts.ts";
import type { Report } from "../../types/finding.ts";
import type { Check } from "../../types/rule.ts";
import type { ServedHost, SettingsModel, UsedHost } from "../../types/settings.ts";
import { place } from "./expectations.ts";
import { alike, roleOf, tokensOf } from "./hosts.ts";

export const hostMismatch: Check<"settings", "config/host-mismatch"> = {
  needs: ["settings"],
  *run({ settings }) {
    const told = new Set<string>();
    yield* unserved(settings, told);
    yield* unused(settings, told);
    yield* sharedOrigins(settings);
    yield* wrongBackends(settings);
    yield* outsideCertificates(settings);
  },
};

const servedIn = (model: SettingsModel, environment: string, domain: string): ServedHost[] =>
  model.served.filter(
    (one) => (one.environment === null || one.environment === environment) && domainOf(one.host) === domain,
  );

/** (a) A host that a setting uses and nothing serves, where something that looks like it is served. */
function* unserved(model: SettingsModel, told: Set<string>): Generator<Report> {
  const seen = new Set<string>();
  for (const one of model.used) {
    const domain = domainOf(one.host)!;
    const served = servedIn(model, one.environment, domain);
    if (served.length === 0 || served.some((other) => covers(other.host, one.host))) continue;
    const near = served.find(
      (other) =>
        alike(other.host, one.host) &&
        !model.used.some(
          (used) =>
            used.host === other.host &&
            used.environment === one.environment &&
            used.name === one.name &&
            used.definition === one.definition,
        ),
    );
    const key = `${one.environment} ${one.host} ${one.name}`;
    if (seen.has(key)) continue;
    const closed =
      served.some((other) => other.kind !== "dns") &&
      !model.openHosts.some((open) => open.environment === null || open.environment === one.environment);
    if (!near) {
      const beside = closed && one.web ? besideIn(one.host, domain, served) : [];
      if (beside.length === 0) continue;
      seen.add(key);
      yield {
        subject: one.host,
        at: one.at,
        severity: "warning",
        message: `${one.name} names ${one.host}, which nothing here serves in ${one.environment}; beside it are served ${list(beside.map((other) => other.host))} (${place(beside[0]!.at)}). Correct the name, or add the host to what is served.`,
        related: [{ ...beside[0]!.at, message: `${beside[0]!.host} is served here` }],
      };
      continue;
    }
    seen.add(key);
    told.add(near.host);
    const others = model.used.filter(
      (used) => used !== one && used.host === near.host && used.environment === one.environment,
    );
    yield {
      subject: one.host,
      at: one.at,
      severity: closed ? "error" : "warning",
      message: `${one.name} names ${one.host}, which nothing here serves in ${one.environment}; ${place(near.at)} serves ${near.host}. One of the two places is wrong: correct it, whichever it is.`,
      related: [
        { ...near.at, message: `${near.host} is served here` },
        ...others.slice(0, 3).map((used) => ({ ...used.at, message: `${used.name} uses ${near.host}` })),
      ],
    };
  }
}

/** Hosts served in the same zone, where that zone is the environment's own: at least two, so that the list looks like all of it. */
function besideIn(host: string, domain: string, served: readonly ServedHost[]): ServedHost[] {
  const zone = host.slice(host.indexOf(".") + 1);
  if (zone === domain || !zone.endsWith(`.${domain}`)) return [];
  const beside = served.filter((one) => one.kind === "route" && one.host.slice(one.host.indexOf(".") + 1) === zone);
  return new Set(beside.map((one) => one.host)).size < 2 || beside.some((one) => one.host.startsWith("*."))
    ? []
    : beside;
}

const list = (hosts: readonly string[]): string => [...new Set(hosts)].slice(0, 4).join(", ");

/** (b) A served host that no setting of its environment uses, where settings use others of the domain. */
function* unused(model: SettingsModel, told: ReadonlySet<string>): Generator<Report> {
  const seen = new Set<string>();
  for (const one of model.served) {
    const domain = domainOf(one.host)!;
    const bare = one.host.replace(/^(?:www|\*)\./, "");
    if (
      one.kind !== "route" ||
      one.environment === null ||
      told.has(one.host) ||
      seen.has(one.host) ||
      bare === domain ||
      one.host.startsWith("*.")
    )
      continue;
    // An ingress of a tool is nobody's setting: only beside a host of the same balancer that settings do use.
    const beside = model.served.filter((other) => other.group === one.group && other.host !== one.host);
    const used = model.used.filter((other) => other.environment === one.environment && domainOf(other.host) === domain);
    if (!beside.some((other) => used.some((use) => covers(other.host, use.host)))) continue;
    if (used.length === 0 || used.some((other) => covers(one.host, other.host))) continue;
    seen.add(one.host);
    yield {
      subject: one.host,
      at: one.at,
      severity: "note",
      message: `${one.host} is served in ${one.environment}, and no setting of it names that host.`,
    };
  }
}

/** (c) Two services at one origin, where one of them is known to be elsewhere. */
function* sharedOrigins(model: SettingsModel): Generator<Report> {
  const groups = new Map<string, UsedHost[]>();
  for (const one of model.used) {
    const key = `${one.environment} ${one.definition} ${one.origin}`;
    const group = groups.get(key) ?? [];
    groups.set(key, group);
    group.push(one);
  }
  for (const group of groups.values()) {
    const front = group.find((one) => roleOf(one.name) === "front");
    const services = group.filter((one) => roleOf(one.name) === "service");
    // Several services at one origin: a gateway that tells them apart by path.
    const [service] = services;
    if (!front || !service || services.length > 1 || group.some((one) => one.path)) continue;
    const words = tokensOf(service.name).filter(
      (token) => !/^(?:service|url|uri|origin|host|base|endpoint|api|public|next|vite)$/.test(token),
    );
    const elsewhere = servedIn(model, service.environment, domainOf(service.host)!).find(
      (one) => one.host !== service.host && words.some((word) => tokensOf(one.host).includes(word)),
    );
    const sibling = model.used.find(
      (one) => one.name === service.name && one.environment === service.environment && one.host !== service.host,
    );
    const proof = elsewhere?.at ?? sibling?.at;
    if (!proof) continue;
    yield {
      subject: service.host,
      at: service.at,
      severity: "error",
      message: `${service.name} and ${front.name} (${place(front.at)}) name one origin, ${service.host}, while ${elsewhere ? `${elsewhere.host} is served at` : "another host is given at"} ${place(proof)}: calls to the service reach the front end. Correct one of the two.`,
      related: [
        { ...front.at, message: `${front.name} names the same origin` },
        { ...proof, message: elsewhere ? `${elsewhere.host} is served here` : "another host for the same name" },
      ],
    };
  }
}

/** (c) A host whose rule leads to another service than the name of the variable says. */
function* wrongBackends(model: SettingsModel): Generator<Report> {
  for (const one of model.used) {
    if (roleOf(one.name) !== "service" || one.path) continue;
    const words = tokensOf(one.name).filter(
      (token) => !/^(?:service|url|uri|origin|host|base|endpoint|api|public)$/.test(token),
    );
    const routes = model.served.filter(
      (other) => other.backend !== null && (other.environment === null || other.environment === one.environment),
    );
    const own = routes.filter((route) => route.host === one.host);
    const right = routes.find(
      (route) => route.host !== one.host && tokensOf(route.backend!).some((token) => words.includes(token)),
    );
    const [wrong] = own;
    if (!wrong || !right || own.some((route) => tokensOf(route.backend!).some((token) => words.includes(token))))
      continue;
    yield {
      subject: one.host,
      at: one.at,
      severity: "error",
      message: `${one.name} names ${one.host}, which ${place(wrong.at)} routes to ${wrong.backend}; ${right.host} is the one that leads to ${right.backend} (${place(right.at)}). Correct one of the two places.`,
      related: [
        { ...wrong.at, message: `routed to ${wrong.backend}` },
        { ...right.at, message: `routed to ${right.backend}` },
      ],
    };
  }
}

/** (d) A routed host that no certificate of its balancer covers. */
function* outsideCertificates(model: SettingsModel): Generator<Report> {
  const seen = new Set<string>();
  for (const one of model.served) {
    if (one.kind !== "route" || seen.has(`${one.group} ${one.host}`)) continue;
    const certificates = model.served.filter(
      (other) =>
        other.kind === "certificate" && other.group === one.group && domainOf(other.host) === domainOf(one.host),
    );
    if (
      certificates.length === 0 ||
      certificates.some((other) => covers(other.host, one.host) || other.host === one.host)
    )
      continue;
    const open = model.openHosts.some((other) => other.environment === null || other.environment === one.environment);
    seen.add(`${one.group} ${one.host}`);
    yield {
      subject: one.host,
      at: one.at,
      severity: open || !one.group.startsWith("terraform") ? "warning" : "error",
      message: `${one.host} is routed here, and the certificate is for ${certificates
        .map((other) => other.host)
        .slice(0, 4)
        .join(
          ", ",
        )} (${place(certificates[0]!.at)}): browsers and clients refuse it. Add it to the certificate, or correct the host.`,
      related: [{ ...certificates[0]!.at, message: "the certificate" }],
    };
  }
}
