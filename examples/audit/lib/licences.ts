// Which kind of licence a package has: from the expression in its manifest, else from the words of its licence file.
import type { Licence, LicenceKind } from '../model.ts';

/** From the kindest to the strictest. */
const KINDS: readonly LicenceKind[] = [
  'public domain',
  'permissive',
  'weak copyleft',
  'copyleft',
  'proprietary',
  'unknown',
];

/** SPDX ids without "-only" and "-or-later", in lower case. */
const KNOWN: Readonly<Record<string, LicenceKind>> = {
  '0bsd': 'public domain',
  'cc0-1.0': 'public domain',
  'mit-0': 'public domain',
  unlicense: 'public domain',
  wtfpl: 'public domain',
  'afl-2.1': 'permissive',
  'apache-2.0': 'permissive',
  'artistic-2.0': 'permissive',
  'blueoak-1.0.0': 'permissive',
  'bsd-2-clause': 'permissive',
  'bsd-3-clause': 'permissive',
  'bsl-1.0': 'permissive',
  'cc-by-3.0': 'permissive',
  'cc-by-4.0': 'permissive',
  isc: 'permissive',
  mit: 'permissive',
  'ms-pl': 'permissive',
  ncsa: 'permissive',
  'psf-2.0': 'permissive',
  'python-2.0': 'permissive',
  'unicode-3.0': 'permissive',
  'unicode-dfs-2016': 'permissive',
  'upl-1.0': 'permissive',
  w3c: 'permissive',
  x11: 'permissive',
  zlib: 'permissive',
  'cc-by-sa-4.0': 'weak copyleft',
  'cddl-1.0': 'weak copyleft',
  'epl-1.0': 'weak copyleft',
  'epl-2.0': 'weak copyleft',
  'eupl-1.2': 'copyleft',
  'lgpl-2.0': 'weak copyleft',
  'lgpl-2.1': 'weak copyleft',
  'lgpl-3.0': 'weak copyleft',
  'mpl-1.1': 'weak copyleft',
  'mpl-2.0': 'weak copyleft',
  'agpl-3.0': 'copyleft',
  'gpl-2.0': 'copyleft',
  'gpl-3.0': 'copyleft',
  'osl-3.0': 'copyleft',
  unlicensed: 'proprietary',
};

/** Words that only this licence has. The first that fits counts. */
const TEXTS: readonly (readonly [RegExp, string])[] = [
  [/GNU AFFERO GENERAL PUBLIC LICENSE/i, 'AGPL-3.0'],
  [/GNU LESSER GENERAL PUBLIC LICENSE\s+Version 2/i, 'LGPL-2.1'],
  [/GNU LESSER GENERAL PUBLIC LICENSE/i, 'LGPL-3.0'],
  [/GNU GENERAL PUBLIC LICENSE\s+Version 2/i, 'GPL-2.0'],
  [/GNU GENERAL PUBLIC LICENSE/i, 'GPL-3.0'],
  [/Mozilla Public License,? version 2\.0/i, 'MPL-2.0'],
  [/Apache License,?\s+Version 2\.0/i, 'Apache-2.0'],
  [/Blue Oak Model License/i, 'BlueOak-1.0.0'],
  [/free and unencumbered software released into the public domain/i, 'Unlicense'],
  [/CC0 1\.0 Universal/i, 'CC0-1.0'],
  [/Permission is hereby granted, free of charge,? to any person obtaining/i, 'MIT'],
  [
    /Permission to use, copy, modify, and(?:\/or)? distribute this software.*?provided that the above copyright/is,
    'ISC',
  ],
  [/Permission to use, copy, modify, and(?:\/or)? distribute this software/i, '0BSD'],
  [/Redistributions of source code must retain.*?endorse or promote/is, 'BSD-3-Clause'],
  [/Redistributions of source code must retain/i, 'BSD-2-Clause'],
  [/freely, subject to the following restrictions/i, 'Zlib'],
];

/** @returns `unknown` when neither tells a licence that we know. */
export function classify(declared: string | undefined, licenceText: string | undefined): Licence {
  const refersToFile = declared !== undefined && /^SEE LICEN[CS]E IN /i.test(declared);
  if (declared !== undefined && !refersToFile) {
    const kind = kindOf(declared);
    if (kind !== 'unknown') return { id: declared, kind, source: 'manifest' };
  }
  const found = licenceText === undefined ? undefined : TEXTS.find(([words]) => words.test(licenceText));
  if (found) return { id: found[1], kind: kindOf(found[1]), source: 'licence file' };
  if (declared !== undefined) return { id: declared, kind: 'unknown', source: 'manifest' };
  return {
    id: 'none found',
    kind: 'unknown',
    source: licenceText === undefined ? 'nothing' : 'licence file',
  };
}

/** The kind of an SPDX expression: the kindest of an OR, the strictest of an AND. Wrong ones are `unknown`. */
function kindOf(expression: string): LicenceKind {
  const tokens = expression.match(/\(|\)|[^\s()]+/g) ?? [];
  let at = 0;
  const kind = either();
  return at === tokens.length ? kind : 'unknown';

  function either(): LicenceKind {
    let kind = both();
    while (takes('OR')) kind = pick(Math.min, kind, both());
    return kind;
  }
  function both(): LicenceKind {
    let kind = one();
    while (takes('AND')) kind = pick(Math.max, kind, one());
    return kind;
  }
  function one(): LicenceKind {
    if (takes('(')) {
      const kind = either();
      return takes(')') ? kind : 'unknown';
    }
    const id = tokens[at++]?.toLowerCase() ?? '';
    if (takes('WITH')) at += 1;
    return KNOWN[id.replace(/-only$|-or-later$|\+$/, '')] ?? 'unknown';
  }
  function takes(word: string): boolean {
    const taken = tokens[at]?.toUpperCase() === word;
    if (taken) at += 1;
    return taken;
  }
}

const pick = (which: (a: number, b: number) => number, a: LicenceKind, b: LicenceKind): LicenceKind =>
  KINDS[which(KINDS.indexOf(a), KINDS.indexOf(b))] ?? 'unknown';
