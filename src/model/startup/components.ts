/**
 * Strongly connected components of what is reachable from the starts, callees before callers (Tarjan).
 * Iterative: call chains of real programs are deeper than the stack.
 */
export function componentsOf<Key>(starts: readonly Key[], edges: (key: Key) => readonly Key[]): Key[][] {
  const order = new Map<Key, number>();
  const low = new Map<Key, number>();
  const open: Key[] = [];
  const isOpen = new Set<Key>();
  const found: Key[][] = [];
  const lower = (key: Key, value: number): void => {
    low.set(key, Math.min(low.get(key) ?? value, value));
  };
  for (const start of starts) {
    if (order.has(start)) continue;
    const frames: { key: Key; next: readonly Key[]; at: number }[] = [];
    const enter = (key: Key): void => {
      order.set(key, order.size);
      low.set(key, order.get(key) as number);
      open.push(key);
      isOpen.add(key);
      frames.push({ key, next: edges(key), at: 0 });
    };
    enter(start);
    while (frames.length > 0) {
      const frame = frames[frames.length - 1] as (typeof frames)[number];
      if (frame.at < frame.next.length) {
        const next = frame.next[frame.at++] as Key;
        if (!order.has(next)) enter(next);
        else if (isOpen.has(next)) lower(frame.key, order.get(next) as number);
        continue;
      }
      frames.pop();
      const parent = frames[frames.length - 1];
      if (parent) lower(parent.key, low.get(frame.key) as number);
      if (low.get(frame.key) !== order.get(frame.key)) continue;
      const component: Key[] = [];
      let member: Key;
      do {
        member = open.pop() as Key;
        isOpen.delete(member);
        component.push(member);
      } while (member !== frame.key);
      found.push(component.reverse());
    }
  }
  return found;
}
