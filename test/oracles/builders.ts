import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What a real build left in the image: each file with its text, null for a link; or why it failed. */
export type Built = { files: Map<string, string | null> } | { failed: string };

/** A builder that can run here. */
export interface RealBuilder {
  name: string;
  kind: "buildkit" | "classic";
  build(directory: string, dockerfile: string): Built;
}

const minute = 60_000;

/**
 * The builders that answer: BuildKit by `buildctl` where BUILDKIT_HOST says where it listens, else by `docker build`; the classic builder of
 * `docker build` where the engine still has it. Each is tried with a build of one file first.
 */
export function realBuilders(): RealBuilder[] {
  const docker = spawnSync("docker", ["version", "--format", "{{.Server.Version}}"], { timeout: 20_000 }).status === 0;
  const candidates: RealBuilder[] = [];
  if (process.env["BUILDKIT_HOST"]) candidates.push({ name: "buildctl", kind: "buildkit", build: withBuildctl });
  else if (docker) candidates.push({ name: "docker build", kind: "buildkit", build: withDocker });
  if (docker) candidates.push({ name: "docker build without BuildKit", kind: "classic", build: withClassic });
  return candidates.filter(({ build }) => {
    const directory = mkdtempSync(join(tmpdir(), "predeploy-probe-"));
    try {
      writeFileSync(join(directory, "Dockerfile"), 'FROM scratch\nCOPY Dockerfile /probe\nCMD ["/probe"]\n');
      const built = build(directory, "Dockerfile");
      return "files" in built && built.files.has("/probe");
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });
}

function run(command: string, args: readonly string[], environment: Record<string, string> = {}): string | Error {
  const result = spawnSync(command, args, {
    encoding: "utf8",
    timeout: 2 * minute,
    maxBuffer: 1 << 26,
    env: { ...process.env, ...environment },
  });
  if (result.status === 0) return result.stdout;
  const said = `${result.stderr}\n${result.stdout}`.split("\n").filter((line) => /error|fail|not found/i.test(line));
  return new Error(said.at(-1) ?? `${command} ended with ${result.status ?? result.signal ?? result.error?.message}`);
}

function withBuildctl(directory: string, dockerfile: string): Built {
  return inTar((tar) =>
    run("buildctl", [
      "build",
      // A cached copy of other files would hide a failure: its key does not hold the names of what is copied.
      "--no-cache",
      "--progress=plain",
      "--frontend=dockerfile.v0",
      `--opt=filename=${dockerfile}`,
      `--local=context=${directory}`,
      `--local=dockerfile=${directory}`,
      `--output=type=tar,dest=${tar}`,
    ]),
  );
}

function withDocker(directory: string, dockerfile: string): Built {
  const args = ["build", "--no-cache", "-f", join(directory, dockerfile), "-o"];
  return inTar((tar) => run("docker", [...args, `type=tar,dest=${tar}`, directory], { DOCKER_BUILDKIT: "1" }));
}

function withClassic(directory: string, dockerfile: string): Built {
  const environment = { DOCKER_BUILDKIT: "0" };
  const args = ["build", "--no-cache", "-q", "-f", join(directory, dockerfile), directory];
  return inTar((tar) => {
    const image = run("docker", args, environment);
    if (image instanceof Error) return image;
    const id = image.trim().split("\n").at(-1)!;
    const container = run("docker", ["create", id, "none"]);
    if (container instanceof Error) return container;
    const exported = run("docker", ["export", "-o", tar, container.trim()]);
    run("docker", ["rm", container.trim()]);
    run("docker", ["rmi", "-f", id]);
    return exported;
  });
}

/** What every container has besides the image. */
const OF_THE_ENGINE = /^\/(?:dev|etc|proc|sys)(?:\/|$)|^\/\.dockerenv$/;

function inTar(build: (tar: string) => string | Error): Built {
  const scratch = mkdtempSync(join(tmpdir(), "predeploy-built-"));
  try {
    const tar = join(scratch, "image.tar");
    const outcome = build(tar);
    if (outcome instanceof Error) return { failed: outcome.message };
    const root = join(scratch, "root");
    mkdirSync(root);
    execFileSync("tar", ["-xf", tar, "-C", root, "--exclude=dev", "--no-same-owner"]);
    const files = new Map<string, string | null>();
    // By hand: a recursive listing follows links to directories.
    const walk = (directory: string): void => {
      for (const entry of readdirSync(join(root, directory), { withFileTypes: true })) {
        const name = `${directory}/${entry.name}`;
        if (OF_THE_ENGINE.test(name)) continue;
        if (entry.isDirectory()) walk(name);
        else files.set(name, entry.isFile() ? readFileSync(join(root, name), "utf8") : null);
      }
    };
    walk("");
    return { files };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
