import { spawnSync } from "node:child_process";
import { cpus, loadavg } from "node:os";

/** What one run of a worker prints as its last line. */
export interface WorkerResult {
  /** Equal for workers that must agree. */
  digest: string;
  cpuMilliseconds: number;
  rssMegabytes: number;
}

/** Ends a worker: prints its result for `interleave`. */
export function finish(digest: string): void {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const result: WorkerResult = {
    digest,
    cpuMilliseconds: (userCPUTime + systemCPUTime) / 1000,
    rssMegabytes: maxRSS / 1024,
  };
  process.stdout.write(`${JSON.stringify(result)}\n`);
}

/**
 * Runs whole processes by turns (a, b, a, b …), one warm-up round first, and prints median, minimum, maximum, CPU, peak memory and the
 * ratio to the first. Void unless `agree` workers give one digest. Returns false when they do not.
 */
export function interleave(script: string, names: readonly string[], args: readonly string[], rounds: number): boolean {
  const times = new Map<string, number[]>(names.map((name) => [name, []]));
  const results = new Map<string, WorkerResult>();
  for (let round = -1; round < rounds; round++) {
    for (const name of names) {
      const started = performance.now();
      const child = spawnSync(process.execPath, [script, "--worker", name, ...args], {
        encoding: "utf8",
        maxBuffer: 1 << 28,
      });
      const elapsed = performance.now() - started;
      if (child.status !== 0) throw new Error(`${name}: ${child.stderr}`);
      if (round >= 0) times.get(name)!.push(elapsed);
      results.set(name, JSON.parse(child.stdout.trim().split("\n").at(-1)!) as WorkerResult);
    }
  }
  const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1]!;
  const first = times.get(names[0]!)!;
  const lines = [`Node ${process.version}, ${cpus().length} cores, load ${loadavg()[0]!.toFixed(1)}, n = ${rounds}`];
  for (const name of names) {
    const all = times.get(name)!;
    const { cpuMilliseconds, rssMegabytes } = results.get(name)!;
    lines.push(
      `${name.padEnd(12)} median ${median(all).toFixed(0)} ms  min ${Math.min(...all).toFixed(0)}  max ${Math.max(...all).toFixed(0)}  ` +
        `cpu ${cpuMilliseconds.toFixed(0)} ms  rss ${rssMegabytes.toFixed(0)} MB  × ${(median(all) / median(first)).toFixed(2)} (min × ${(Math.min(...all) / Math.min(...first)).toFixed(2)})`,
    );
  }
  const digests = new Set([...results.values()].map((one) => one.digest));
  if (digests.size > 1)
    lines.push(`VOID: the results differ: ${[...results].map(([name, one]) => `${name} ${one.digest}`).join(", ")}`);
  process.stdout.write(`${lines.join("\n")}\n`);
  return digests.size === 1;
}
