/** V8 cuts longer texts out of their source by reference: one name would keep a whole file in memory. */
const shortestSlice = 13;
/** Longer texts are hardly ever equal. */
const longestShared = 64;
const mostShared = 200_000;
const known = new Map<string, string>();

/** The same text, free of the file that it was cut out of; equal names of all files become one. For what outlives the text it stood in. */
export function shared(text: string): string {
  if (text.length > longestShared) return detached(text);
  const before = known.get(text);
  if (before !== undefined) return before;
  if (known.size >= mostShared) known.clear();
  const own = detached(text);
  known.set(own, own);
  return own;
}

/** Joining copies. */
const detached = (text: string): string =>
  text.length < shortestSlice ? text : [text.slice(0, 1), text.slice(1)].join("");
