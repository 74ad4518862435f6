// Modules that import each other in a circle, or themselves. Pure. (Tarjan's strongly connected components, without recursion.)

/** `importsOf` answers the keys that a module imports. */
export function inCircles(
  keys: Iterable<string>,
  importsOf: (key: string) => readonly string[],
): ReadonlySet<string> {
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const open: string[] = [];
  const isOpen = new Set<string>();
  const circles = new Set<string>();

  const enter = (
    key: string,
  ): { readonly key: string; readonly imports: readonly string[]; next: number } => {
    order.set(key, order.size);
    lowest.set(key, order.size - 1);
    open.push(key);
    isOpen.add(key);
    return { key, imports: importsOf(key), next: 0 };
  };
  const lower = (key: string, to: number | undefined): void => {
    lowest.set(key, Math.min(lowest.get(key) ?? Infinity, to ?? Infinity));
  };
  const close = (key: string): void => {
    if (lowest.get(key) !== order.get(key)) return;
    const members = open.splice(open.lastIndexOf(key));
    for (const member of members) isOpen.delete(member);
    if (members.length > 1 || importsOf(key).includes(key)) for (const member of members) circles.add(member);
  };

  for (const start of keys) {
    if (order.has(start)) continue;
    const path = [enter(start)];
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const target = top.imports[top.next++];
      if (target === undefined) {
        path.pop();
        close(top.key);
        lower(path.at(-1)?.key ?? top.key, lowest.get(top.key));
      } else if (!order.has(target)) {
        path.push(enter(target));
      } else if (isOpen.has(target)) {
        lower(top.key, order.get(target));
      }
    }
  }
  return circles;
}
