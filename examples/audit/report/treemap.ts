// A squarified treemap: areas by size, rectangles as square as they can be (Bruls, Huizing, van Wijk: Squarified Treemaps).

export interface Tile<Item> {
  readonly item: Item;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Lays out items with a positive size, the largest first. The tiles fill the whole rectangle. */
export function squarify<Item>(
  items: readonly Item[],
  sizeOf: (item: Item) => number,
  area: Rectangle,
): Tile<Item>[] {
  const sized = items.map((item) => ({ item, size: sizeOf(item) })).filter(({ size }) => size > 0);
  sized.sort((a, b) => b.size - a.size);
  const total = sized.reduce((sum, { size }) => sum + size, 0);
  const scale = (area.width * area.height) / total;
  const tiles: Tile<Item>[] = [];
  let rest = area;
  let from = 0;
  while (from < sized.length) {
    const side = Math.min(rest.width, rest.height);
    let to = from + 1;
    let sum = (sized[from]?.size ?? 0) * scale;
    const largest = sum;
    let worst = worstRatio(largest, largest, sum, side);
    // A strip takes the next item as long as that makes its tiles squarer.
    for (let next = sized[to]; next; next = sized[to]) {
      const smallest = next.size * scale;
      const ratio = worstRatio(largest, smallest, sum + smallest, side);
      if (ratio > worst) break;
      worst = ratio;
      sum += smallest;
      to += 1;
    }
    rest = placeStrip(sized.slice(from, to), { scale, sum, rest, tiles });
    from = to;
  }
  return tiles;
}

/** The worst ratio of sides in a strip of this area along this side. */
function worstRatio(largest: number, smallest: number, sum: number, side: number): number {
  const squaredSide = side * side;
  const squaredSum = sum * sum;
  return Math.max((squaredSide * largest) / squaredSum, squaredSum / (squaredSide * smallest));
}

/** Puts a strip along the shorter side. @returns what is left of the rectangle. */
function placeStrip<Item>(
  strip: readonly { readonly item: Item; readonly size: number }[],
  to: {
    readonly scale: number;
    readonly sum: number;
    readonly rest: Rectangle;
    readonly tiles: Tile<Item>[];
  },
): Rectangle {
  const { scale, sum, rest, tiles } = to;
  const upright = rest.width >= rest.height;
  const thickness = sum / (upright ? rest.height : rest.width);
  let along = upright ? rest.y : rest.x;
  for (const { item, size } of strip) {
    const length = (size * scale) / thickness;
    tiles.push(
      upright
        ? { item, x: rest.x, y: along, width: thickness, height: length }
        : { item, x: along, y: rest.y, width: length, height: thickness },
    );
    along += length;
  }
  return upright
    ? { ...rest, x: rest.x + thickness, width: Math.max(0, rest.width - thickness) }
    : { ...rest, y: rest.y + thickness, height: Math.max(0, rest.height - thickness) };
}
