// The looks of the report. One style sheet, light and dark, no font and no image from anywhere.
import type { LicenceKind } from '../model.ts';

/** Each kind of licence has its colour, in the treemap and in the tables. */
export const KIND_CLASS: Readonly<Record<LicenceKind, string>> = {
  'public domain': 'k-public',
  permissive: 'k-permissive',
  'weak copyleft': 'k-weak',
  copyleft: 'k-copyleft',
  proprietary: 'k-proprietary',
  unknown: 'k-unknown',
};

export const STYLE = `
:root { color-scheme: light dark; --page: #f6f7f9; --card: #fff; --ink: #1b1f27; --soft: #667085; --line: #e4e7ec; --good: #12805c; --bad: #c4320a;
  --public: #5b8def; --permissive: #3aa981; --weak: #e0a83c; --copyleft: #df6e4f; --proprietary: #a05cc5; --unknown: #8b93a1; }
@media (prefers-color-scheme: dark) { :root { --page: #101319; --card: #181c25; --ink: #e8eaf0; --soft: #98a2b3; --line: #2a303c; --good: #4cc38a; --bad: #ff8a65;
  --public: #4a76c9; --permissive: #2f8a69; --weak: #b98526; --copyleft: #b9553b; --proprietary: #8449a5; --unknown: #616a79; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.5 ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
main { max-width: 1180px; margin: 0 auto; padding: 36px 24px 64px; }
header p { color: var(--soft); margin: 4px 0 0; overflow-wrap: anywhere; }
h1 { font-size: 28px; line-height: 1.2; margin: 0; letter-spacing: -.02em; }
h2 { font-size: 18px; margin: 0 0 2px; }
section { background: var(--card); border: 1px solid var(--line); border-radius: 14px; padding: 20px 22px; margin-top: 18px; }
section > p { color: var(--soft); margin: 0 0 14px; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(165px, 1fr)); gap: 12px; margin-top: 22px; }
.figure { background: var(--card); border: 1px solid var(--line); border-radius: 14px; padding: 14px 16px; }
.figure b { display: block; font-size: 24px; letter-spacing: -.02em; font-variant-numeric: tabular-nums; }
.figure span { color: var(--soft); font-size: 13px; }
.verdict { margin-top: 18px; padding: 12px 16px; border-radius: 12px; border: 1px solid currentColor; font-weight: 600; }
.good { color: var(--good); } .bad { color: var(--bad); }
svg { display: block; width: 100%; height: auto; border-radius: 8px; }
svg rect { stroke: var(--card); stroke-width: 1.5; } svg g:hover rect { filter: brightness(1.12); }
svg text { fill: #fff; font-size: 11px; pointer-events: none; } svg text.size { opacity: .8; font-size: 10px; }
.k-public { fill: var(--public); background: var(--public); } .k-permissive { fill: var(--permissive); background: var(--permissive); }
.k-weak { fill: var(--weak); background: var(--weak); } .k-copyleft { fill: var(--copyleft); background: var(--copyleft); }
.k-proprietary { fill: var(--proprietary); background: var(--proprietary); } .k-unknown { fill: var(--unknown); background: var(--unknown); }
.legend { display: flex; flex-wrap: wrap; gap: 6px 18px; margin: 12px 0 0; padding: 0; list-style: none; color: var(--soft); font-size: 13px; }
.dot { display: inline-block; width: 10px; height: 10px; border-radius: 3px; margin-right: 7px; }
.scroll { overflow: auto; max-height: 520px; }
table { border-collapse: collapse; width: 100%; font-size: 14px; }
th { position: sticky; top: 0; background: var(--card); text-align: left; color: var(--soft); font-weight: 500; font-size: 12px; border-bottom: 1px solid var(--line); padding: 6px 14px 6px 0; white-space: nowrap; }
td { border-bottom: 1px solid var(--line); padding: 6px 14px 6px 0; vertical-align: top; overflow-wrap: anywhere; }
tr:last-child td { border-bottom: 0; }
.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.meter { height: 8px; border-radius: 4px; min-width: 3px; }
.track { min-width: 120px; width: 40%; padding-top: 12px; }
small { color: var(--soft); }
footer { color: var(--soft); font-size: 13px; margin-top: 22px; }
`;
