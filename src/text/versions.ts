/** Compares versions and file names as migration tools order them: numbers by value, the rest by code unit. */
export function compareVersions(one: string, other: string): number {
  const [a, b] = [one.split(/(\d+)/), other.split(/(\d+)/)];
  for (let at = 0; at < Math.max(a.length, b.length); at++) {
    const [x = "", y = ""] = [a[at], b[at]];
    if (x === y) continue;
    if (/^\d/.test(x) && /^\d/.test(y)) {
      const [p, q] = [x.replace(/^0+/, ""), y.replace(/^0+/, "")];
      if (p === q) continue;
      return p.length === q.length ? (p < q ? -1 : 1) : p.length - q.length;
    }
    return x < y ? -1 : 1;
  }
  return 0;
}
