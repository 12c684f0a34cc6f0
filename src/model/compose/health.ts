import type { ComposeHealth, ProjectService } from "../../types/compose.ts";
import type { DockerfileSyntax } from "../../types/dockerfile.ts";
import type { FactReader } from "../../types/facts.ts";

/** Whether a service's container reports health: its own healthcheck, else that of the Dockerfile's final stage, else what is known of the base image. */
export function healthOf(service: ProjectService, facts: FactReader): ComposeHealth {
  if (service.healthcheck) {
    if (service.healthcheck.disabled) return "none";
    // Without a test the keys only tune the check that the image brings.
    if (service.healthcheck.test.length > 0) return "compose";
  }
  if (!service.build) return service.image ? imageHealth(service.image.text) : "unknown";
  if (service.build.dockerfilePath === null) return "unknown";
  const syntax = facts.get("dockerfile", service.build.dockerfilePath);
  return syntax ? stageHealth(syntax, service.build.target?.text ?? null) : "unknown";
}

/** HEALTHCHECK of the stage that becomes the image, or of a stage that it starts from; the last one of a stage counts. */
function stageHealth(syntax: DockerfileSyntax, target: string | null): ComposeHealth {
  const stages: { name: string | null; base: string; check: boolean | null }[] = [];
  for (const { keyword, words } of syntax.instructions) {
    const texts = words.map((word) => word.text);
    if (keyword === "FROM") {
      const as = texts.findIndex((text) => text.toLowerCase() === "as");
      stages.push({
        name: as === -1 ? null : (texts[as + 1]?.toLowerCase() ?? null),
        base: texts[0] ?? "",
        check: null,
      });
    } else if (keyword === "HEALTHCHECK") {
      const stage = stages.at(-1);
      if (stage) stage.check = texts[0]?.trim().toUpperCase().startsWith("NONE") !== true;
    }
  }
  if (target !== null && /\$/.test(target)) return "unknown";
  let at =
    target === null
      ? stages.length - 1
      : stages.findIndex((stage, index) => stage.name === target.toLowerCase() || String(index) === target);
  for (let hops = 0; at >= 0 && hops <= stages.length; hops++) {
    const stage = stages[at];
    if (!stage) break;
    if (stage.check !== null) return stage.check ? "image" : "none";
    const base = stage.base.toLowerCase();
    const parent = stages.findIndex((each, index) => index < at && each.name === base);
    if (parent === -1) return imageHealth(stage.base);
    at = parent;
  }
  return "unknown";
}

/** Images that bring a healthcheck of their own. */
const withHealthcheck =
  /^(?:kong|(?:.*\/)?(?:kong-gateway|mailpit|localstack|localstack-pro|vaultwarden\/server|pihole|uptime-kuma|jellyfin\/jellyfin|supabase\/(?:postgres|studio|storage-api|postgres-meta)|oracle-(?:xe|free)|immich-server|immich-machine-learning|homepage|healthchecks|paperless-ngx|changedetection\.io|dozzle|netdata\/netdata|teslamate|cadvisor|docker-mailserver))(?:[:@]|$)/i;

/** Registries and names whose images have none: Docker's official images, by policy, and the usual runtime bases. */
const withoutHealthcheck =
  /^(?:(?:docker\.io\/)?(?:library\/)?[\w.-]+(?:[:@].*)?|public\.ecr\.aws\/(?:docker\/library|lambda)\/.*|mcr\.microsoft\.com\/(?:dotnet|devcontainers|playwright|azure-functions|openjdk)\/.*|gcr\.io\/distroless\/.*|(?:docker\.io\/)?(?:bitnami|nvidia|tiangolo|oven|denoland|continuumio|mambaorg|condaforge|phusion|astral|adoptopenjdk|azul|amazon|rockylinux|redhat|nginxinc|golangci|pytorch|tensorflow|jupyter|lambci|circleci|cimg)\/.*|ghcr\.io\/astral-sh\/.*|cgr\.dev\/chainguard\/.*|registry\.access\.redhat\.com\/.*|nvcr\.io\/.*)$/i;

/** By the image's name alone. A name with a variable, and images of anybody's registry, are unknown. */
export function imageHealth(image: string): ComposeHealth {
  if (withHealthcheck.test(image)) return "image";
  // Of a variable only the tag may be unknown: `node:${VERSION}`.
  if (/\$/.test(image.replace(/:[^/]*$/, ""))) return "unknown";
  return withoutHealthcheck.test(image) ? "none" : "unknown";
}
