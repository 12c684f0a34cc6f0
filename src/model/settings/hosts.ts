import { domainOf } from "../../text/hosts.ts";
import type { DataNode } from "../../types/data.ts";
import type { HclBlock, HclFile } from "../../types/hcl.ts";
import type { ServedHost, Setting, SettingsModel, UsedHost } from "../../types/settings.ts";
import type { Location, RepoPath } from "../../types/text.ts";
import { itemsOf, locate, scalarsOf, textOf, valueAt } from "../data.ts";
import { isCompose } from "../path-class.ts";
import { firstOf, type Where } from "./environment.ts";
import { helmHosts, type Release, templateHosts } from "./helm.ts";
import type { Sink } from "./sink.ts";
import { environmentsOf, resolve, type TerraformModule } from "./terraform.ts";

type Hosts = Pick<SettingsModel, "served" | "openHosts"> & {
  served: ServedHost[];
  openHosts: { environment: string | null; domain: string | null }[];
};

/** Hosts that balancers, ingresses, certificates and web servers answer for. */
export function servedHosts(sink: Sink, modules: readonly TerraformModule[], releases: readonly Release[]): Hosts {
  const hosts: Hosts = { served: [], openHosts: [] };
  for (const module of modules)
    for (const { path, file } of module.files)
      for (const where of environmentsOf(sink, module, path))
        if (!where.excluded) for (const block of file.blocks) terraformHosts(hosts, module, block, path, file, where);
  if (sink.input.known.kubernetes.objects.length > 0) kubernetesHosts(sink, hosts);
  if (releases.length > 0) chartHosts(sink, releases, hosts);
  textHosts(sink, hosts);
  return hosts;
}

function chartHosts(sink: Sink, releases: readonly Release[], hosts: Hosts): void {
  for (const { host, text, certificate, path, data, where } of helmHosts(sink, releases))
    add(hosts, text, {
      environment: where.environment,
      kind: certificate ? "certificate" : "route",
      backend: null,
      group: path,
      at: locate(path, data, host),
    });
  for (const { text, at, where } of templateHosts(sink, releases))
    add(hosts, text, { environment: where.environment, kind: "route", backend: null, group: at.path, at });
}

function add(hosts: Hosts, text: string | null, one: Omit<ServedHost, "host">): void {
  const host = text?.trim().toLowerCase().replace(/\.$/, "") ?? "";
  if (text === null || /[$`{(]/.test(host)) hosts.openHosts.push({ environment: one.environment, domain: null });
  else if (domainOf(host) !== null) hosts.served.push({ ...one, host });
}

function terraformHosts(
  hosts: Hosts,
  module: TerraformModule,
  block: HclBlock,
  path: RepoPath,
  file: HclFile,
  where: Where,
): void {
  if (block.type !== "resource") return;
  const type = block.labels[0]?.text ?? "";
  const { environment } = where;
  const group = `terraform ${module.directory} ${environment ?? ""}`;
  const each = (of: HclBlock, name: string, kind: ServedHost["kind"], backend: string | null = null) => {
    const value = of.attributes.find((one) => one.name === name)?.value;
    if (!value) return;
    const items = value.kind === "list" ? value.items : [value];
    for (const item of items) {
      const at = locate(path, file, item);
      add(hosts, resolve(item, module, environment), { environment, kind, backend, group, at });
    }
  };
  const inner = (name: string) => block.blocks.filter((one) => one.type === name);
  switch (type) {
    case "google_compute_url_map":
    case "google_compute_region_url_map":
      for (const rule of inner("host_rule")) {
        const matcher = rule.attributes.find((one) => one.name === "path_matcher")?.value;
        const name = matcher ? resolve(matcher, module, environment) : null;
        const target = inner("path_matcher").find((one) => {
          const own = one.attributes.find((attribute) => attribute.name === "name")?.value;
          return own && name !== null && resolve(own, module, environment) === name;
        });
        const backend =
          target?.attributes.find((one) => one.name === "default_service")?.references[0]?.path[1] ?? null;
        // Paths of their own may lead anywhere.
        const single =
          target !== undefined && !target.blocks.some((one) => /^(?:path_rule|route_rules)$/.test(one.type));
        each(rule, "hosts", "route", single ? backend : null);
      }
      return;
    case "google_compute_managed_ssl_certificate":
      for (const managed of inner("managed")) each(managed, "domains", "certificate");
      return;
    case "google_cloud_run_domain_mapping":
    case "google_cloud_run_v2_domain_mapping":
      each(block, "name", "route");
      return;
    case "aws_acm_certificate":
      each(block, "domain_name", "certificate");
      each(block, "subject_alternative_names", "certificate");
      return;
    case "aws_lb_listener_rule":
      for (const condition of inner("condition"))
        for (const header of condition.blocks.filter((one) => one.type === "host_header"))
          each(header, "values", "route");
      return;
    case "aws_route53_record":
    case "google_dns_record_set":
      each(block, "name", "dns");
      return;
    default:
  }
}

function kubernetesHosts(sink: Sink, hosts: Hosts): void {
  for (const object of sink.input.known.kubernetes.objects) {
    const where = firstOf(
      () => sink.naming.ofPath(object.path),
      () => sink.naming.ofText(object.namespace?.text ?? ""),
      () => sink.naming.ofText(object.name?.text ?? ""),
    );
    if (where.excluded) continue;
    const group = `${object.path} ${object.kind} ${object.name?.text ?? ""}`;
    const put = (node: DataNode | null, kind: ServedHost["kind"], backend: string | null = null) => {
      for (const scalar of scalarsOf(node))
        add(hosts, scalar.text, {
          environment: where.environment,
          kind,
          backend,
          group,
          at: (scalar as typeof scalar & { at: Location }).at,
        });
    };
    const spec = valueAt(object.node, "spec");
    switch (object.kind) {
      case "Ingress":
        for (const rule of itemsOf(valueAt(spec, "rules"))) {
          const paths = itemsOf(valueAt(rule, "http", "paths"));
          const backend = paths.length === 1 ? textOf(valueAt(paths[0], "backend", "service", "name")) : null;
          put(valueAt(rule, "host"), "route", backend);
        }
        for (const tls of itemsOf(valueAt(spec, "tls"))) put(valueAt(tls, "hosts"), "certificate");
        break;
      case "Route":
        put(valueAt(spec, "host"), "route");
        break;
      case "HTTPRoute":
      case "GRPCRoute":
      case "TLSRoute":
        put(valueAt(spec, "hostnames"), "route");
        break;
      case "Gateway":
        for (const listener of itemsOf(valueAt(spec, "listeners"))) put(valueAt(listener, "hostname"), "route");
        for (const server of itemsOf(valueAt(spec, "servers"))) put(valueAt(server, "hosts"), "route");
        break;
      case "VirtualService":
        put(valueAt(spec, "hosts"), "route");
        break;
      case "ManagedCertificate":
        put(valueAt(spec, "domains"), "certificate");
        break;
      case "IngressRoute":
        for (const route of itemsOf(valueAt(spec, "routes"))) {
          const match = valueAt(route, "match");
          for (const host of hostsOfRule(textOf(match) ?? ""))
            add(hosts, host, {
              environment: where.environment,
              kind: "route",
              backend: null,
              group,
              at: (match as DataNode & { at: Location }).at,
            });
        }
        break;
      default:
    }
  }
}

const hostsOfRule = (rule: string): string[] =>
  [...rule.slice(0, 4000).matchAll(/Host\(([^)]{0,500})\)/g)].flatMap((match) =>
    [...match[1]!.matchAll(/[`"']([^`"']{1,255})[`"']/g)].map((one) => one[1]!),
  );

/** nginx, Caddy, labels of Traefik, CNAME. */
function textHosts(sink: Sink, hosts: Hosts): void {
  for (const { path, ignored, kind } of sink.input.files.entries) {
    if (ignored || kind !== "file") continue;
    const nginx = /(?:\.conf|(?:^|\/)nginx[\w.-]*|\.nginx)$/i.test(path) && /nginx|sites-|conf\.d/i.test(path);
    const caddy = /(?:^|\/)Caddyfile[\w.-]*$/.test(path);
    const compose = isCompose(path);
    const cname = /(?:^|\/)CNAME$/.test(path);
    if (!nginx && !caddy && !compose && !cname) continue;
    const where = sink.naming.ofPath(path);
    if (where.excluded) continue;
    for (const [index, line] of (sink.input.facts.get("lines", path)?.lines ?? []).entries()) {
      if (line.length > 2000 || /^\s*#/.test(line)) continue;
      const names = nginx
        ? /^\s*server_name\s+([^;]+);/.exec(line)?.[1]?.trim().split(/\s+/)
        : caddy
          ? /^([\w*.:/, -]+)\{\s*$/
              .exec(line)?.[1]
              ?.split(/[\s,]+/)
              .map((one) => one.replace(/^https?:\/\//, "").replace(/[:/].*$/, ""))
          : cname
            ? [line.trim()]
            : hostsOfRule(line);
      for (const name of names ?? []) {
        const column = Math.max(0, line.indexOf(name));
        const at = {
          path,
          start: { line: index + 1, column: column + 1 },
          end: { line: index + 1, column: column + 1 + name.length },
        };
        if (name !== "")
          add(hosts, name.startsWith("~") ? null : name, {
            environment: where.environment,
            kind: "route",
            backend: null,
            group: path,
            at,
          });
      }
    }
  }
}

const NAMES_A_HOST = /(?:^|_)(?:URL|URI|ORIGIN|HOST|HOSTNAME|ENDPOINT|BASE|DOMAIN)$/i;
const LISTS =
  /CORS|ALLOW|TRUSTED|ORIGINS|WHITELIST|REDIRECT|CSRF|WEBHOOK|CALLBACK|ISSUER|SCHEMA|LICEN[CS]E|DOCS?(?:_|$)|SUPPORT|LOGO|IMAGE|AVATAR/i;

/** Hosts that settings of a known environment name. */
export function usedHosts(settings: readonly Setting[]): UsedHost[] {
  const used: UsedHost[] = [];
  for (const one of settings) {
    const name = one.name.replace(/([a-z0-9])([A-Z])/g, "$1_$2").replace(/[-.]/g, "_");
    if (one.environment === null || one.kind !== "plain" || one.value === null || one.name.startsWith("flag "))
      continue;
    if (one.overriddenBy !== null || (one.source === "terraform" && one.name.includes("."))) continue;
    // A host of Helm values without a scheme is as often what the chart serves.
    if (one.source === "helm" && one.name.includes(".") && !one.value.includes("://")) continue;
    if (!NAMES_A_HOST.test(name) || LISTS.test(name)) continue;
    const found = /^(?:(https?|wss?|grpcs?):\/\/)?(?:[^@/\s]*@)?([A-Za-z0-9.-]+)(:\d{1,5})?(\/[^\s]*)?$/.exec(
      one.value.trim(),
    );
    if (!found) continue;
    const host = found[2]!.toLowerCase().replace(/\.$/, "");
    if (domainOf(host) === null) continue;
    const path = found[4] !== undefined && found[4].length > 1;
    used.push({
      host,
      name: one.name,
      origin: `${found[1] ?? "https"}://${host}${found[3] ?? ""}`.toLowerCase(),
      path,
      web: /^(?:https?|wss?)$/.test(found[1] ?? "") && found[3] === undefined,
      service: one.service,
      environment: one.environment,
      definition: one.definition,
      at: one.at,
    });
  }
  return used;
}
