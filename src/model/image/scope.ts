import { lexWord } from "../../sources/dockerfile-words.ts";
import { below } from "./paths.ts";

/** The variables of a stage, as COPY, ADD, WORKDIR, ENV, ARG, FROM, USER and VOLUME see them. */
export interface Scope {
  /** ENV: null = set to something that is not known. */
  environment: Map<string, string | null>;
  /** ARG: undefined = declared and nobody gave a value. */
  args: Map<string, string | null | undefined>;
  /** True where the base image may set variables of its own. */
  open: boolean;
  escape: "\\" | "`";
}

export interface Expanded {
  /** Null when it depends on a value that is not known, or the builder refuses it. */
  text: string | null;
  /** True when it holds an argument that is declared, has no default and is not given: someone may give it. */
  doubtful: boolean;
}

/** Values that BuildKit sets by itself; which ones depends on the machine that builds. */
const PLATFORM_ARGS = new Set(
  "TARGETPLATFORM TARGETOS TARGETARCH TARGETVARIANT TARGETSTAGE BUILDPLATFORM BUILDOS BUILDARCH BUILDVARIANT".split(
    " ",
  ),
);

/** The arguments that are there before the first FROM. */
export function platformArgs(): Map<string, string | null | undefined> {
  return new Map([...PLATFORM_ARGS].map((name) => [name, null]));
}

/** Expands a word; ENV beats ARG of the same name. */
export function expand(word: string, scope: Scope): Expanded {
  let doubtful = false;
  const { text } = lexWord(
    word,
    (name) => {
      const set = scope.environment.get(name);
      if (set !== undefined) return set;
      if (scope.args.has(name)) {
        const value = scope.args.get(name);
        if (value === undefined) doubtful = true;
        return value;
      }
      return scope.open ? null : undefined;
    },
    { escape: scope.escape },
  );
  return { text, doubtful };
}

/** Directories that an ordinary base image has: a destination of that name without a final slash is a directory. */
const BASE_DIRECTORIES = new Set(
  (
    "/bin /boot /dev /etc /home /lib /lib64 /media /mnt /opt /proc /root /run /sbin /srv /sys /tmp /usr /usr/bin /usr/lib /usr/local " +
    "/usr/local/bin /usr/local/etc /usr/local/lib /usr/local/sbin /usr/local/share /usr/sbin /usr/share /usr/src /var /var/cache /var/lib " +
    "/var/log /var/run /var/tmp /etc/apt /etc/apt/sources.list.d /etc/init.d /etc/ssl /etc/ssl/certs /etc/nginx /etc/nginx/conf.d " +
    "/usr/share/nginx/html /docker-entrypoint-initdb.d /docker-entrypoint.d /etc/nginx/templates /var/www/html /usr/src/app"
  ).split(" "),
);

/** Whether an image that is not read surely has a directory of this name. `/usr/src/app` and the like are not sure, but a file of that name is less so. */
export function isBaseDirectory(path: string): boolean {
  return BASE_DIRECTORIES.has(path);
}

/** WORKDIR of images that set one; others of the official library leave `/`. */
const OFFICIAL_WORKDIRS: Record<string, string> = {
  golang: "/go",
  php: "/var/www/html",
  wordpress: "/var/www/html",
  drupal: "/opt/drupal",
  httpd: "/usr/local/apache2",
  tomcat: "/usr/local/tomcat",
  jetty: "/var/lib/jetty",
  composer: "/app",
  gradle: "/home/gradle",
  nextcloud: "/var/www/html",
  redis: "/data",
};

/** An image's name without registry of official images, tag and digest. */
function familiarName(image: string): string {
  return image
    .replace(/@.*$/, "")
    .replace(/:[^:/]*$/, "")
    .replace(/^(docker\.io\/)?library\//, "")
    .replace(/^(public\.ecr\.aws\/docker\/library|mirror\.gcr\.io\/library|docker\.io)\//, "");
}

/** Namespaces of vendors whose images hold systems and runtimes, no application. */
const RUNTIME_VENDORS =
  /^(?:gcr\.io\/distroless|mcr\.microsoft\.com|public\.ecr\.aws\/(?:lambda|amazonlinux|debian|ubuntu)|cgr\.dev\/chainguard|registry\.access\.redhat\.com|registry\.redhat\.io|registry\.suse\.com|nvcr\.io\/nvidia|nvidia|ghcr\.io\/astral-sh|bitnami|oven|denoland|amazon|redhat|continuumio|mambaorg|pytorch|balenalib|cimg|circleci)\//;

/** A mirror's name of a runtime: `registry.acme.io/base/python`, `acme/node-slim`. */
const RUNTIME_NAME =
  /\/(?:python|node|nodejs|golang|go|rust|ruby|php|java|openjdk|eclipse-temurin|temurin|jdk|jre|dotnet|aspnet|alpine|debian|ubuntu|busybox|bun|deno|uv|nginx|httpd)(?:-?\d[\d.]*)?(?:-(?:base|runtime|slim|alpine|lts|minimal))?$/;

/** Names of the official library; another name without a slash is an image of one's own, or a tag of this machine. */
const OFFICIAL =
  /^(?:scratch|alpine|alpinelinux|almalinux|amazoncorretto|amazonlinux|archlinux|bash|buildpack-deps|busybox|caddy|cassandra|centos|clojure|composer|couchdb|dart|debian|docker|drupal|eclipse-temurin|elasticsearch|elixir|erlang|fedora|flink|gcc|ghost|golang|gradle|groovy|haproxy|haskell|httpd|ibmjava|ibm-semeru-runtimes|influxdb|java|jetty|joomla|jruby|julia|kibana|logstash|mariadb|maven|memcached|mongo|mono|mysql|nats|neo4j|nextcloud|nginx|node|odoo|openjdk|opensuse|oraclelinux|percona|perl|photon|php|postgres|pypy|python|r-base|rabbitmq|redis|registry|rockylinux|ruby|rust|sapmachine|sbt|solr|spark|swift|telegraf|tomcat|tomee|traefik|ubuntu|unit|valkey|varnish|wordpress|zookeeper)$/;

/** Whether a base image is a system or a runtime, which holds no application of ours; false where that cannot be known. */
export function isRuntimeImage(image: string | null): boolean {
  if (image === null) return false;
  const name = familiarName(image);
  return OFFICIAL.test(name) || RUNTIME_VENDORS.test(name) || RUNTIME_NAME.test(name);
}

/** Where AWS's base images for Lambda functions expect the code, and from where they import the handler that CMD names. */
export const LAMBDA_TASK_ROOT = "/var/task";

/** The language of one of AWS's base images for Lambda functions; null for other images. */
export function lambdaRuntime(image: string | null): "python" | "nodejs" | null {
  const name = image === null ? "" : familiarName(image);
  const match = /^(?:public\.ecr\.aws\/lambda\/|(?:public\.ecr\.aws\/)?amazon\/aws-lambda-)(python|nodejs)$/.exec(name);
  return match ? (match[1] as "python" | "nodejs") : null;
}

/** WORKDIR of a base image; null when it cannot be known. */
export function baseWorkdir(image: string | null): string | null {
  if (image === null) return null;
  if (lambdaRuntime(image) !== null) return LAMBDA_TASK_ROOT;
  const name = familiarName(image);
  if (name.includes("/"))
    return /^gcr\.io\/distroless\//.test(name) ? (/nonroot/.test(image) ? "/home/nonroot" : "/") : null;
  return OFFICIAL_WORKDIRS[name] ?? "/";
}

/** Whether two paths stand in one line of directories. */
export function overlaps(a: string, b: string): boolean {
  return below(a, b) !== null || below(b, a) !== null;
}
