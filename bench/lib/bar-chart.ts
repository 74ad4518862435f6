// Bars side by side as an SVG file of its own: one group for each workload, one bar for each peer, each group on its own linear scale.

export interface BarGroup {
  readonly title: string;
  readonly bars: readonly { readonly name: string; readonly value: number; readonly text: string }[];
}

const WIDTH = 760;
const MARGIN = 16;
const NAME_WIDTH = 200;
const TEXT_WIDTH = 130;
const BAR = { height: 14, gap: 6 };
const GROUP = { head: 30, gap: 14 };

/** Readable on light and on dark pages. */
const STYLE = `
text { font: 13px ui-sans-serif, system-ui, sans-serif; fill: #57606a; }
.title { font-weight: 600; fill: #1f2328; }
.bar { fill: #8c959f; } .first { fill: #3b7ddd; }
@media (prefers-color-scheme: dark) { text { fill: #9198a1; } .title { fill: #e6edf3; } .bar { fill: #656c76; } .first { fill: #4c8ff0; } }
`;

/** The first bar of each group is the one that is compared. */
export function renderBars(groups: readonly BarGroup[]): string {
  const parts: string[] = [];
  let y = MARGIN;
  for (const { title, bars } of groups) {
    parts.push(text(MARGIN, y + 14, title, 'title'));
    y += GROUP.head;
    const most = Math.max(...bars.map(({ value }) => value));
    for (const [index, { name, value, text: label }] of bars.entries()) {
      const width = Math.max(1, (value / most) * (WIDTH - 2 * MARGIN - NAME_WIDTH - TEXT_WIDTH));
      const x = MARGIN + NAME_WIDTH;
      parts.push(
        text(MARGIN, y + BAR.height - 2, name),
        `<rect x="${x}" y="${y}" width="${width.toFixed(1)}" height="${BAR.height}" rx="3" class="${index === 0 ? 'bar first' : 'bar'}"/>`,
        text(x + width + 8, y + BAR.height - 2, label),
      );
      y += BAR.height + BAR.gap;
    }
    y += GROUP.gap;
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y}" width="${WIDTH}" height="${y}" role="img"><style>${STYLE}</style>${parts.join('\n')}</svg>\n`;
}

const text = (x: number, y: number, content: string, name?: string): string =>
  `<text x="${x.toFixed(1)}" y="${y}"${name === undefined ? '' : ` class="${name}"`}>${escaped(content)}</text>`;

const escaped = (content: string): string =>
  content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
