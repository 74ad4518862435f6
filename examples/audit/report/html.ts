// The report: one HTML file that needs nothing else, not even a script. Whatever the audited files are called, it is text.
import { bytes, count, counted, percent, seconds } from '../lib/format.ts';
import type { LicenceKind, PackageResult } from '../model.ts';
import type { Findings } from './gather.ts';
import { KIND_CLASS, STYLE } from './style.ts';
import { isSound } from './summary.ts';
import { squarify } from './treemap.ts';

const MAP = { width: 1_140, height: 560 };
/** Smaller packages share one tile: nobody could see theirs. */
const TILES_MAX = 400;
const ROWS_MAX = 1_000;
const LABEL_MIN = { width: 46, height: 20 };
const CHAR_WIDTH = 6.3;

export function renderReport(findings: Findings): string {
  const { summary, startedAt } = findings;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Audit of ${escape(summary.folder)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<header>
<h1>${counted(summary.packages, 'package')} audited</h1>
<p>${escape(summary.folder)} · begun ${new Date(startedAt).toISOString().slice(0, 19).replace('T', ' ')} UTC</p>
</header>
${figures(findings)}
${verdict(findings)}
${sizes(findings)}
${licences(findings)}
${duplicates(findings)}
${troubles(findings)}
${ledger(findings)}
${packages(findings)}
<footer>Written by Troupe's example <code>audit</code>: a parent workflow, and one child workflow for each package.</footer>
</main>
</body>
</html>
`;
}

function figures({ summary }: Findings): string {
  const { ledger } = summary;
  const all: [string, string][] = [
    [count(summary.files), 'files'],
    [bytes(summary.rawBytes), 'on the disk'],
    [bytes(summary.compressedBytes), `compressed (${percent(summary.compressedBytes, summary.rawBytes)})`],
    [bytes(summary.duplicates.wastedBytes), 'in copies between packages'],
    [count(summary.troubles), 'troubles'],
    [count(ledger.executions), `executions of ${count(ledger.steps)} steps`],
  ];
  const cards = all.map(([value, name]) => `<div class="figure"><b>${value}</b><span>${name}</span></div>`);
  return `<div class="figures">${cards.join('')}</div>`;
}

function verdict({ summary }: Findings): string {
  const { checks, ledger } = summary;
  if (!isSound(checks)) {
    return (
      `<div class="verdict bad">${checks.missing} results are missing, ${checks.recordedTwice} were recorded twice, ` +
      `${checks.completedTwice} activities completed twice</div>`
    );
  }
  const workers =
    ledger.workers === 1 ? 'one process' : `${count(ledger.workers)} processes, one after the other`;
  return (
    `<div class="verdict good">Every result was recorded, none twice · ${workers} in ${seconds(summary.tookMs)} · ` +
    `${counted(ledger.repeated, 'attempt')} repeated</div>`
  );
}

function sizes({ packages, licences }: Findings): string {
  const shown = packages.slice(0, TILES_MAX).filter(({ rawBytes }) => rawBytes > 0);
  if (shown.length === 0) return '';
  const others = packages.slice(TILES_MAX);
  const rest = others.reduce((sum, { rawBytes }) => sum + rawBytes, 0);
  const tiles = squarify<PackageResult | 'others'>(
    rest > 0 ? [...shown, 'others'] : shown,
    (item) => (item === 'others' ? rest : item.rawBytes),
    { x: 0, y: 0, ...MAP },
  );
  const drawn = tiles.map(({ item, ...box }) =>
    item === 'others'
      ? tile(`${count(others.length)} more`, rest, 'k-unknown', box)
      : tile(
          item.name,
          item.rawBytes,
          KIND_CLASS[item.licence.kind],
          box,
          `${item.pkg.path} · ${item.licence.id}`,
        ),
  );
  const kinds = [...new Set(licences.map(({ kind }) => kind))];
  return `<section><h2>Sizes</h2><p>Area by bytes on the disk, colour by kind of licence.</p>
<svg viewBox="0 0 ${MAP.width} ${MAP.height}" role="img" aria-label="Sizes of the packages">${drawn.join('')}</svg>
<ul class="legend">${kinds.map((kind) => `<li>${dot(kind)}${kind}</li>`).join('')}</ul></section>`;
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function tile(name: string, size: number, kindClass: string, box: Box, more = ''): string {
  const { x, y, width, height } = box;
  const place = `x="${px(x)}" y="${px(y)}" width="${px(width)}" height="${px(height)}"`;
  const title = [name, bytes(size), more].filter(Boolean).join(' · ');
  const room = Math.floor((width - 10) / CHAR_WIDTH);
  const label =
    width < LABEL_MIN.width || height < LABEL_MIN.height ? '' : text(x, y + 15, cut(name, room), '');
  const second =
    label === '' || height < 2 * LABEL_MIN.height
      ? ''
      : text(x, y + 29, cut(bytes(size), room), ' class="size"');
  return `<g><title>${escape(title)}</title><rect class="${kindClass}" rx="3" fill-opacity="${tint(name)}" ${place}/>${label}${second}</g>`;
}

/** Neighbours of one kind differ a little, and the same package always looks the same. */
const TINTS = [0.82, 0.88, 0.94, 1];
const tint = (name: string): number =>
  TINTS[[...name].reduce((sum, char) => sum + char.charCodeAt(0), 0) % TINTS.length] ?? 1;

const text = (x: number, y: number, words: string, attributes: string): string =>
  `<text x="${px(x + 6)}" y="${px(y)}"${attributes}>${escape(words)}</text>`;

function licences({ licences, packages }: Findings): string {
  const most = Math.max(1, ...licences.map((licence) => licence.packages));
  const rows = licences.slice(0, ROWS_MAX).map(({ id, kind, packages: number }) => {
    const width = ((100 * number) / most).toFixed(1);
    return row([
      `${dot(kind)}${escape(id)}`,
      `<small>${kind}</small>`,
      right(count(number)),
      `<td class="track"><div class="meter ${KIND_CLASS[kind]}" style="width:${width}%"></div></td>`,
    ]);
  });
  const reviewed = packages.filter(({ review }) => review !== undefined);
  const reviews = reviewed
    .slice(0, ROWS_MAX)
    .map(({ name, licence, review = '' }) => row([escape(name), escape(licence.id), review]));
  return (
    section(
      'Licences',
      'By the manifest, or by the words of the licence file.',
      ['licence', 'kind', '#packages', ''],
      rows,
    ) +
    (reviews.length === 0
      ? ''
      : section(
          'Reviews',
          'Unknown licences waited for the signal approve, or for a durable timer.',
          ['package', 'licence', 'decision'],
          reviews,
        ))
  );
}

function duplicates({ duplicates, summary }: Findings): string {
  const rows = duplicates
    .slice(0, ROWS_MAX)
    .map(({ example, bytes: size, copies, packages, wastedBytes }) => {
      const more = packages.length > 4 ? ` and ${count(packages.length - 4)} more` : '';
      return row([
        escape(example),
        `<small>${escape(packages.slice(0, 4).join(', '))}${more}</small>`,
        right(bytes(size)),
        right(count(copies)),
        right(bytes(wastedBytes)),
      ]);
    });
  const intro = `${count(summary.duplicates.groups)} files have the same content in several packages: ${bytes(summary.duplicates.wastedBytes)} in copies.`;
  return section('Duplicates', intro, ['file', 'in', '#size', '#copies', '#wasted'], rows, duplicates.length);
}

function troubles({ troubles, summary }: Findings): string {
  const rows = troubles
    .slice(0, ROWS_MAX)
    .map(({ pkg, path, what }) => row([escape(pkg), escape(path === '.' ? '' : path), escape(what)]));
  const intro =
    summary.troubles === 0 ? 'Every file could be read.' : 'What could not be audited as it should.';
  return section('Troubles', intro, ['package', 'path', 'what'], rows, summary.troubles);
}

function ledger({ steps, summary }: Findings): string {
  const rows = steps.map(({ step, steps, executions, repeated, cutOff, mostAttempts }) =>
    row([
      escape(step),
      ...[steps, executions, repeated, cutOff, mostAttempts].map((value) => right(count(value))),
    ]),
  );
  const intro =
    `Each execution of a step writes a line, flushed to the disk, before it begins. ${count(summary.ledger.cutOff)} were cut off ` +
    `and ${count(summary.ledger.repeated)} repeated; every result is in the book once.`;
  return section(
    'Executions per step',
    intro,
    ['step', '#steps', '#executions', '#repeated', '#cut off', '#most attempts'],
    rows,
  );
}

function packages({ packages }: Findings): string {
  const rows = packages
    .slice(0, ROWS_MAX)
    .map(({ pkg, name, version, files, rawBytes, compressedBytes, licence }) =>
      row([
        `${escape(name)} <small>${escape(version)}</small>`,
        `<small>${escape(pkg.path)}</small>`,
        right(count(files)),
        right(bytes(rawBytes)),
        right(bytes(compressedBytes)),
        `${dot(licence.kind)}${escape(licence.id)}`,
      ]),
    );
  return section(
    'Packages',
    'The largest first.',
    ['package', 'path', '#files', '#size', '#compressed', 'licence'],
    rows,
    packages.length,
  );
}

function section(
  title: string,
  intro: string,
  heads: readonly string[],
  rows: readonly string[],
  total = 0,
): string {
  const cut = total > rows.length ? `<p><small>and ${count(total - rows.length)} more</small></p>` : '';
  const head = heads.map((name) =>
    name.startsWith('#') ? `<th class="n">${name.slice(1)}</th>` : `<th>${name}</th>`,
  );
  const table =
    rows.length === 0
      ? ''
      : `<div class="scroll"><table><thead><tr>${head.join('')}</tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
  return `<section><h2>${title}</h2><p>${intro}</p>${table}${cut}</section>`;
}

const row = (cells: readonly string[]): string =>
  `<tr>${cells.map((cell) => (cell.startsWith('<td') ? cell : `<td>${cell}</td>`)).join('')}</tr>`;
const right = (value: string): string => `<td class="n">${value}</td>`;
const dot = (kind: LicenceKind): string => `<span class="dot ${KIND_CLASS[kind]}"></span>`;
const px = (value: number): string => value.toFixed(1);
const cut = (words: string, room: number): string =>
  words.length <= room ? words : room < 3 ? '' : `${words.slice(0, room - 1)}…`;

const escape = (words: string): string => words.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
