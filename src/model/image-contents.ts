import { baseName, directoryOf } from "../text/paths.ts";
import type { ImageContentsModel, SensitiveFile } from "../types/image.ts";
import type { ModelInput, ModelProvider } from "../types/model.ts";
import type { RepoPath } from "../types/text.ts";
import { packageScripts } from "./image/packages.ts";
import { startScripts } from "./image/start-scripts.ts";
import { environmentToken } from "./path-class.ts";

/** What rules need of the contents of files that go into images. Only files whose name asks for it are read. */
export const imageContentsProvider: ModelProvider<"imageContents", "images"> = {
  needs: ["images"],
  facts: ["lines", "shell", "data"],
  build: (input) => ({
    sensitive: sensitiveFiles(input),
    scripts: startScripts(input),
    packaging: packaging(input),
    packageOf: (path) => packageScripts(path, input.files, input.facts),
  }),
};

type Input = ModelInput<"images">;

const HARMLESS_ENV =
  /(^|[._-])(example|exemple|ejemplo|exemplo|esempio|beispiel|sample|template|tmpl|tpl|dist|defaults?|schema|test|testing|ci|spec|travis|circleci|vault|keys|j2|jinja2?|erb|hbs|mustache)($|[._-])/i;
const SAMPLE_DIRECTORY = /(^|\/)(tests?|__tests__|spec|fixtures?|testdata|examples?|samples?|mocks?|e2e|docs?|demo)\//i;
/** `keys.example/server.key`: published to be copied, as `.env.example` is. */
const SAMPLE_FOLDER = /(^|\/)[^/]+[._-](?:example|sample)s?\//i;
/** `dummy_service_account.json`: it says of itself that it opens nothing. */
const INVENTED = /(?:^|[._-])(?:dummy|fake|mock(?:ed)?)(?:[._-]|$)/i;
/** Names that bundlers put into what every visitor downloads. */
const PUBLIC_NAME =
  /^(VITE_|NEXT_PUBLIC_|REACT_APP_|NUXT_PUBLIC_|PUBLIC_|EXPO_PUBLIC_|GATSBY_|VUE_APP_)|^(NODE_ENV|PORT|HOST|TZ|LOG_LEVEL|DEBUG|GENERATE_SOURCEMAP|COMPOSE_\w+|DOCKER_BUILDKIT|BUILDKIT_\w+|PYTHONPATH|PYTHONUNBUFFERED)$/;

function sensitiveFiles({ files, facts }: Input): SensitiveFile[] {
  const found: SensitiveFile[] = [];
  const add = (path: RepoPath, what: string, doubtful = false, settings = false): void => {
    found.push({ path, what, doubtful: doubtful || SAMPLE_DIRECTORY.test(path), ...(settings ? { settings } : {}) });
  };
  for (const { path, tracked, ignored, kind } of files.entries) {
    if (!tracked || ignored || (kind !== "file" && kind !== "executable") || SAMPLE_FOLDER.test(path)) continue;
    const name = baseName(path);
    if (INVENTED.test(name)) continue;
    const lines = (): readonly string[] => facts.get("lines", path)?.lines ?? [];
    if (/^\.env($|\.)/.test(name)) {
      // What a tree holds for developers' machines and tests opens nothing else; `.env.local` is what each makes for oneself.
      const trial = name !== ".env.local" && /^(?:development|test)$/.test(environmentToken(name) ?? "");
      if (HARMLESS_ENV.test(name.slice(4)) || !holdsValues(lines())) continue;
      const secret = holdsSecrets(lines(), OF_CONTAINERS.test(name));
      add(path, "an environment file", trial || !secret, !trial && !secret && name !== ".env" && name !== ".env.local");
    } else if (/\.(pem|key)$|^id_(rsa|dsa|ecdsa|ed25519)$/.test(name)) {
      if (lines().some((line) => /-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(line)))
        add(path, "a private key", isOfLocalHost(path, { files, facts }));
    } else if (/\.(p12|pfx|jks|keystore)$/.test(name)) add(path, "a key store");
    else if (/\.tfstate(\.backup)?$/.test(name)) add(path, "a Terraform state with its values in the clear");
    else if (
      name === ".npmrc" ||
      name === ".yarnrc" ||
      name === ".yarnrc.yml" ||
      name === ".pypirc" ||
      name === ".netrc"
    ) {
      if (
        lines().some((line) =>
          /(_authToken|_auth|_password|npmAuthToken:|^\s*password)\s*[=: ]\s*["']?(?!\$\{|<|["']?$)\S{8,}/.test(line),
        )
      )
        add(path, "a file with a token");
    } else if (
      /\.json$/.test(name) &&
      /(service[-_]?account|credentials?|gcp|firebase|keyfile|[-_]sa)[\w.-]*\.json$|-[0-9a-f]{12}\.json$/i.test(name)
    ) {
      const text = lines().join("\n").slice(0, 10_000);
      if (/"type"\s*:\s*"service_account"/.test(text) && /"private_key"\s*:\s*"-----BEGIN/.test(text))
        add(path, "a service account's key");
    }
  }
  return found;
}

/** Whether the certificate beside a key is for a host that only a developer's machine has: no authority gives one out, and it opens nothing else. */
function isOfLocalHost(path: RepoPath, { files, facts }: Pick<Input, "files" | "facts">): boolean {
  const directory = directoryOf(path);
  const stem = baseName(path).replace(/\.\w+$/, "");
  return files.children(directory).some((child) => {
    const isBeside = child.startsWith(`${stem}.`) || stem.replace("key", "cert") === child.replace(/\.\w+$/, "");
    if (!isBeside || !/\.(?:crt|cert|cer|pem)$/.test(child)) return false;
    const text = (facts.get("lines", directory === "" ? child : `${directory}/${child}`)?.lines ?? []).join("");
    const body = /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+?)-----END/.exec(text)?.[1]?.replace(/\s+/g, "");
    // Names stand in a certificate as plain text; what comes next in it begins with the byte of `0`.
    return body !== undefined && /localhost|[a-z0-9]\.(?:local|test)(?![a-z.-])/.test(decoded(body));
  });
}

function decoded(base64: string): string {
  try {
    return atob(base64);
  } catch {
    return "";
  }
}

/** Whether an environment file sets anything that could be secret. */
function holdsValues(lines: readonly string[]): boolean {
  return lines.some((line) => {
    const match = /^\s*(?:export\s+)?([A-Za-z_][\w.]*)\s*=\s*(.*?)\s*$/.exec(line);
    return match !== null && match[2] !== "" && match[2] !== '""' && match[2] !== "''" && !PUBLIC_NAME.test(match[1]!);
  });
}

/** `local_development_fake_key`, `postgres://app:app@localhost/app`: it says of itself that it opens nothing where others are. */
const OF_NOBODY = /(?:^|[_\W])(?:fake|dummy|insecure|example|local|localhost|development|test)(?:[_\W]|$)/i;

/** `.env.docker`: what a developer's containers say to each other. */
const OF_CONTAINERS = /[._-](?:docker|compose|containers?)(?:[._-]|$)/i;
/** Passwords that everybody gives to such containers, and addresses with a user where only another container of the stack can be meant. */
const COMMON =
  /^(?:pass(?:word)?|postgres|root|admin|secret|user|mysql|guest|minio\w*)$|:\/\/[^/@\s]+:[^/@\s]+@[\w-]+(?=[:/]|$)/i;
/** `${DJANGO_SECRET_KEY}`: it comes from elsewhere. */
const REFERENCE = /^\$(?:\{\w+\}|\w+)$/;

/** Whether a name, or a user in a URL, says that a value is a secret. */
function holdsSecrets(lines: readonly string[], ofContainers: boolean): boolean {
  return lines.some((line) => {
    const match = /^\s*(?:export\s+)?([A-Za-z_][\w.]*)\s*=\s*(.+?)\s*$/.exec(line);
    const value = match?.[2]?.replace(/^(["'])(.*)\1$/, "$2") ?? "";
    if (!match || value === "" || PUBLIC_NAME.test(match[1]!) || OF_NOBODY.test(value) || REFERENCE.test(value))
      return false;
    if (ofContainers && COMMON.test(value)) return false;
    return (
      /KEY|SECRET|TOKEN|PASSW|PASS$|PWD|CREDENTIAL|DSN|DATABASE_URL|PRIVATE|SALT|WEBHOOK/i.test(match[1]!) ||
      /:\/\/[^/@\s]+:[^/@\s]+@/.test(value)
    );
  });
}

function packaging({ files, facts }: Input): ImageContentsModel["packaging"] {
  const found = new Map<RepoPath, { reads: string[]; version: string | null }>();
  for (const { path, tracked, ignored } of files.entries) {
    if (!tracked || ignored || !/(^|\/)(pyproject\.toml|setup\.py|setup\.cfg)$/.test(path)) continue;
    const directory = directoryOf(path);
    const project = found.get(directory) ?? { reads: [], version: null };
    found.set(directory, project);
    const text = (facts.get("lines", path)?.lines ?? []).join("\n");
    // Only these backends fail without the readme; setuptools, the default, warns and goes on (seen in a build with setuptools 84.2.1).
    const strict =
      /build-backend\s*=\s*"(hatchling|poetry|flit|pdm|uv_build|maturin|scikit_build)/.test(text) &&
      !/^\s*package(-mode)?\s*=\s*false/m.test(text);
    const named = path.endsWith(".toml")
      ? strict
        ? [...text.matchAll(/^\s*readme\s*=\s*(?:\{[^}\n]*file\s*=\s*)?"([^"\n]+)"/gm)]
        : []
      : path.endsWith("setup.py")
        ? [
            ...text.matchAll(
              /(?:open|read|Path|read_text)\(\s*(?:os\.path\.join\([^()\n]*,\s*)?["']((?:README|HISTORY|CHANGES|CHANGELOG|requirements|VERSION|LICENSE)[\w./-]*)["']/gi,
            ),
          ]
        : [];
    for (const match of named) if (!project.reads.includes(match[1]!)) project.reads.push(match[1]!);
    if (
      /setuptools[_-]scm|hatch-vcs|versioningit|poetry-dynamic-versioning|pbr\b/.test(text) &&
      /dynamic\s*=\s*\[[^\]]*version|use_scm_version|pbr\s*=\s*True|poetry-dynamic-versioning\]/.test(text) &&
      // With one of these, the build goes on without git.
      !/^\s*["']?(?:fallback[_-]version|fallback-root)["']?\s*[:=]/m.test(text)
    )
      project.version = /setuptools[_-]scm/.test(text)
        ? "setuptools_scm"
        : (/hatch-vcs|versioningit|poetry-dynamic-versioning|pbr/.exec(text)?.[0] ?? null);
  }
  return found;
}
