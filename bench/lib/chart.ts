// A line chart as inline SVG: both axes logarithmic, which is how load and latency behave.

export interface Series {
  readonly name: string;
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

export interface Chart {
  readonly title: string;
  readonly xName: string;
  readonly yName: string;
  readonly series: readonly Series[];
}

const WIDTH = 540;
const HEIGHT = 320;
const MARGIN = { left: 62, right: 16, top: 14, bottom: 44 };
const COLOURS = ['#3b7ddd', '#2fa37c', '#d9822b', '#a05cc5', '#c94f4f', '#5b6b7f'];

export function renderChart({ title, xName, yName, series }: Chart): string {
  const points = series.flatMap((one) => one.points);
  if (points.length === 0) return '';
  const x = scale(
    points.map((point) => point.x),
    MARGIN.left,
    WIDTH - MARGIN.right,
  );
  const y = scale(
    points.map((point) => point.y),
    HEIGHT - MARGIN.bottom,
    MARGIN.top,
  );
  const lines = series.map(({ points }, index) => {
    const colour = COLOURS[index % COLOURS.length] ?? '';
    const placed = points.map((point) => `${x.at(point.x).toFixed(1)},${y.at(point.y).toFixed(1)}`);
    const dots = placed.map((place, at) => {
      const [cx, cy] = place.split(',');
      return `<circle cx="${cx}" cy="${cy}" r="3.5" fill="${colour}"><title>${round(points[at]?.y ?? 0)}</title></circle>`;
    });
    return `<polyline points="${placed.join(' ')}" fill="none" stroke="${colour}" stroke-width="2"/>${dots.join('')}`;
  });
  const columns = x.ticks.map(
    (tick) =>
      `<line x1="${x.at(tick)}" x2="${x.at(tick)}" y1="${MARGIN.top}" y2="${HEIGHT - MARGIN.bottom}" class="grid"/>` +
      `<text x="${x.at(tick)}" y="${HEIGHT - MARGIN.bottom + 18}" text-anchor="middle">${round(tick)}</text>`,
  );
  const rows = y.ticks.map(
    (tick) =>
      `<line x1="${MARGIN.left}" x2="${WIDTH - MARGIN.right}" y1="${y.at(tick)}" y2="${y.at(tick)}" class="grid"/>` +
      `<text x="${MARGIN.left - 8}" y="${y.at(tick) + 4}" text-anchor="end">${round(tick)}</text>`,
  );
  const legend = series.map(
    ({ name }, index) => `<li><i style="background:${COLOURS[index % COLOURS.length]}"></i>${name}</li>`,
  );
  return (
    `<figure><figcaption>${title} <small>${yName}</small></figcaption>` +
    `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${title}">${columns.join('')}${rows.join('')}${lines.join('')}` +
    `<text x="${(MARGIN.left + WIDTH - MARGIN.right) / 2}" y="${HEIGHT - 6}" text-anchor="middle">${xName}</text></svg>` +
    `<ul>${legend.join('')}</ul></figure>`
  );
}

interface Scale {
  readonly ticks: readonly number[];
  at(value: number): number;
}

/** From the power of ten below the least value to the one above the greatest. */
function scale(values: readonly number[], from: number, to: number): Scale {
  const positive = values.filter((value) => value > 0);
  const low = Math.floor(Math.log10(Math.min(...positive)));
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(...positive)) - 1e-9));
  return {
    ticks: Array.from({ length: high - low + 1 }, (_, step) => 10 ** (low + step)),
    at: (value) => from + ((Math.log10(Math.max(value, 10 ** low)) - low) / (high - low)) * (to - from),
  };
}

const round = (value: number): string =>
  value >= 1 ? Math.round(value).toLocaleString('en-US') : String(Number(value.toPrecision(2)));
