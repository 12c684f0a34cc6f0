/** Heap in use, in bytes, from which a full collection pays: Node waits for several times of what was alive the last time. */
const worthwhile = 240 * 1024 * 1024;
/** The same where a large model was just let go. */
const worthwhileThen = 224 * 1024 * 1024;
/** What has to be added since the last collection, in bytes. */
const growth = 64 * 1024 * 1024;

/** Milliseconds from the start in which no heap grows as large; to look at it costs a short run more than all its rules. */
const tooSoon = 400;
/** By the clock of the day, as Node loads seven modules for a finer one. */
const started = Date.now();

let threshold = worthwhile;
let collect: (() => void) | null = null;

/**
 * Frees what has become garbage, where that is much: otherwise it adds to the peak of what comes next.
 * @param letGo a large model was let go just now
 */
export function relieveMemory(letGo = false): void {
  if (Date.now() - started < tooSoon || heapInUse() < (letGo ? worthwhileThen : threshold)) return;
  collect ??= collector();
  collect();
  threshold = Math.max(worthwhile, heapInUse() + growth);
}

const heapInUse = (): number => process.getBuiltinModule("node:v8").getHeapStatistics().used_heap_size;

/** Node's own collector; nothing where it is not to be had. */
function collector(): () => void {
  process.getBuiltinModule("node:v8").setFlagsFromString("--expose-gc");
  const found: unknown = process.getBuiltinModule("node:vm").runInNewContext("typeof gc === 'function' ? gc : null");
  return typeof found === "function" ? () => void found() : () => {};
}
