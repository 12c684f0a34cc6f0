import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";

/** One command that takes part in a comparison. */
export interface Runner {
  name: string;
  command: string;
  args: readonly string[];
  cwd?: string;
}

export interface Measured {
  name: string;
  /** Milliseconds of user and system CPU, one per run: they wander less than the clock on a busy machine. */
  cpu: number[];
  /** Milliseconds by the clock. */
  wall: number[];
}

/** Runs whole processes by turns (a, b, a, b …), one warm-up round first. Throws where one does not end by itself. */
export function alternate(runners: readonly Runner[], rounds: number): Measured[] {
  const all = runners.map(({ name }): Measured => ({ name, cpu: [], wall: [] }));
  for (let round = -1; round < rounds; round++) {
    for (const [index, { name, command, args, cwd }] of runners.entries()) {
      const started = performance.now();
      const before = childCpu();
      const child = spawnSync(command, args, { cwd, stdio: ["ignore", "ignore", "pipe"], maxBuffer: 1 << 26 });
      if (child.error || child.status === null || child.status === 2 || child.status > 3)
        throw new Error(`${name}: ${child.error?.message ?? child.stderr.toString().slice(0, 2000)}`);
      if (round < 0) continue;
      all[index]!.cpu.push(childCpu() - before);
      all[index]!.wall.push(performance.now() - started);
    }
  }
  return all;
}

/** CPU of all children that have ended, in milliseconds. Linux tells it; elsewhere the clock has to do. */
function childCpu(): number {
  try {
    const fields = readFileSync("/proc/self/stat", "latin1").split(") ").at(-1)!.split(" ");
    // cutime and cstime, in hundredths of a second.
    return (Number(fields[13]) + Number(fields[14])) * 10;
  } catch {
    return performance.now();
  }
}

export const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

/** Median of one's CPU, in units of another's. */
export const ratio = (one: Measured, other: Measured): number => median(one.cpu) / Math.max(1, median(other.cpu));

export const machine = (): string =>
  `Node ${process.version}, ${cpus().length} cores, load ${loadavg()[0]!.toFixed(1)}`;

export function describe({ name, cpu, wall }: Measured): string {
  const row = (values: readonly number[]) =>
    `median ${median(values).toFixed(0)} min ${Math.min(...values).toFixed(0)} max ${Math.max(...values).toFixed(0)}`;
  return `  ${name.padEnd(22)} cpu ms: ${row(cpu)}   wall ms: ${row(wall)}   n = ${cpu.length}`;
}
