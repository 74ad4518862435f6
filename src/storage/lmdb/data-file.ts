// Reads LMDB's data file without LMDB, which takes the whole process down (SIGSEGV, SIGBUS) when it opens or reads one
// that is cut short or not its own. Knows the layout of data version 2: meta pages, branch and leaf pages. Pure: pages
// come from a reader. It finds files that LMDB cannot survive; it does not prove that the contents are right.

/** LMDB's name for "no page": the root of an empty tree. */
const NO_PAGE = 0xffff_ffff_ffff_ffffn;
const MAGIC = 0xbeef_c0de;
const DATA_VERSION = 2;
const PAGE_BYTES_MIN = 512;
const PAGE_BYTES_MAX = 65_536;
/** Two slots for the root of everything, written in turns. */
const META_PAGES = 2;
/** A file may end before its last page when its final pages are free: at most what one transaction can hold dirty. */
const FREE_TAIL_PAGES_MAX = 131_072n;
/** Levels of a tree: 2^48 pages of two keys have fewer. */
const DEPTH_MAX = 48;

const PAGE_FLAG = { branch: 0x01, leaf: 0x02, meta: 0x08 } as const;
const NODE_FLAG = { overflow: 0x01, tree: 0x02 } as const;

/** Offsets in bytes. A page begins with its number, a transaction id, and the bounds of its free space. */
const PAGE = { number: 0, flags: 18, lower: 20, header: 24 } as const;
const META = {
  magic: 24,
  version: 28,
  freeTree: 48,
  mainTree: 96,
  lastPage: 144,
  transaction: 152,
  end: 168,
} as const;
/** Of a tree's record. The page size is kept in the record of the free pages' tree. */
const TREE = { pageBytes: 0, flags: 4, depth: 6, root: 40, end: 48 } as const;
/** The tree of free pages has whole numbers as keys. With any other flag LMDB would look for what is not there, and crash. */
const TREE_FLAGS = { free: 0x08, main: 0 } as const;
/** Of a node. A branch node's child is in `low`, `high` and `flags`; a leaf node's value follows its key. */
const NODE = { low: 0, high: 2, flags: 4, keyBytes: 6, key: 8 } as const;
/** Of the value of a node whose data is on overflow pages: their first number and how many they are. */
const OVERFLOW = { first: 0, pages: 16, end: 24 } as const;

/** Bytes from an offset of the file; fewer than asked for at its end. */
export type ReadAt = (offset: number, length: number) => Promise<Uint8Array>;

/** @returns what is wrong with the file, or undefined when LMDB can open it. */
export async function findDamage(fileBytes: number, read: ReadAt): Promise<string | undefined> {
  if (fileBytes === 0) return 'it is empty';
  const first = await readMeta(read, 0, 0);
  if (typeof first === 'string') return first;
  const second = await readMeta(read, first.pageBytes, 1);
  if (typeof second === 'string') return second;
  if (first.pageBytes !== second.pageBytes) return 'its two meta pages disagree about the page size';
  const newest = first.transaction >= second.transaction ? first : second;
  return findDamageBelow(newest, fileBytes, read);
}

interface Meta {
  readonly pageBytes: number;
  readonly lastPage: bigint;
  readonly transaction: bigint;
  readonly trees: readonly Tree[];
}

interface Tree {
  readonly root: bigint;
  readonly depth: number;
}

async function readMeta(read: ReadAt, offset: number, slot: number): Promise<Meta | string> {
  const bytes = await read(offset, META.end);
  if (bytes.length < META.end) return `it ends in meta page ${slot}`;
  const view = viewOf(bytes);
  if ((view.getUint16(PAGE.flags, true) & PAGE_FLAG.meta) === 0) return `page ${slot} is not a meta page`;
  if (view.getUint32(META.magic, true) !== MAGIC) return `meta page ${slot} is not one of LMDB`;
  const version = view.getUint32(META.version, true) & 0xffff;
  if (version !== DATA_VERSION) return `it has LMDB's data version ${version} instead of ${DATA_VERSION}`;
  const pageBytes = view.getUint32(META.freeTree + TREE.pageBytes, true);
  if (!isPageSize(pageBytes)) return `meta page ${slot} has an impossible page size`;
  const hasOurFlags =
    view.getUint16(META.freeTree + TREE.flags, true) === TREE_FLAGS.free &&
    view.getUint16(META.mainTree + TREE.flags, true) === TREE_FLAGS.main;
  if (!hasOurFlags) return `meta page ${slot} has flags that Troupe never sets`;
  const transaction = view.getBigUint64(META.transaction, true);
  // Transactions write their own slot; the first two metas are both made as transaction 0.
  if (transaction !== 0n && transaction % BigInt(META_PAGES) !== BigInt(slot)) {
    return `meta page ${slot} belongs to the other slot`;
  }
  const lastPage = view.getBigUint64(META.lastPage, true);
  const trees = [readTree(view, META.freeTree), readTree(view, META.mainTree)];
  return { pageBytes, lastPage, transaction, trees };
}

const isPageSize = (bytes: number): boolean =>
  bytes >= PAGE_BYTES_MIN && bytes <= PAGE_BYTES_MAX && (bytes & (bytes - 1)) === 0;

const readTree = (view: DataView, offset: number): Tree => ({
  root: view.getBigUint64(offset + TREE.root, true),
  depth: view.getUint16(offset + TREE.depth, true),
});

async function findDamageBelow(meta: Meta, fileBytes: number, read: ReadAt): Promise<string | undefined> {
  const pagesInFile = BigInt(Math.floor(fileBytes / meta.pageBytes));
  const missingPages = meta.lastPage + 1n - pagesInFile;
  if (missingPages > FREE_TAIL_PAGES_MAX) return cutShort(missingPages);
  const pages: PageSource = {
    lastPage: meta.lastPage,
    pagesInFile,
    readPage: (page) => read(Number(page) * meta.pageBytes, meta.pageBytes),
  };
  for (const tree of meta.trees) {
    // A whole file is opened at once however large it is: only the roots are looked at.
    const damage = missingPages > 0n ? await walk(tree, pages) : await checkRoot(tree, pages);
    if (damage !== undefined) return damage;
  }
  return undefined;
}

const cutShort = (missingPages: bigint): string =>
  `it is cut short: ${missingPages} of its pages are missing`;

interface PageSource {
  readonly lastPage: bigint;
  readonly pagesInFile: bigint;
  readonly readPage: (page: bigint) => Promise<Uint8Array>;
}

async function checkRoot(tree: Tree, pages: PageSource): Promise<string | undefined> {
  if (tree.root === NO_PAGE) return undefined;
  const page = await treePage(tree.root, pages);
  if (typeof page === 'string') return page;
  const isLeaf = (page.flags & PAGE_FLAG.leaf) !== 0;
  return isLeaf === (tree.depth === 1) ? undefined : `page ${tree.root} is no root of a tree this deep`;
}

/** The file may be short for a good reason, so every page that is in use is looked up. */
async function walk(tree: Tree, pages: PageSource, level = 0): Promise<string | undefined> {
  if (tree.root === NO_PAGE) return undefined;
  if (level > DEPTH_MAX) return 'its pages form a circle';
  const page = await treePage(tree.root, pages);
  if (typeof page === 'string') return page;
  for (const node of nodesOf(page)) {
    const damage = await checkNode(node, page, pages, level);
    if (damage !== undefined) return damage;
  }
  return undefined;
}

async function checkNode(
  node: number,
  page: TreePage,
  pages: PageSource,
  level: number,
): Promise<string | undefined> {
  const { view } = page;
  const flags = view.getUint16(node + NODE.flags, true);
  if ((page.flags & PAGE_FLAG.branch) !== 0)
    return walk({ root: childOf(view, node), depth: 0 }, pages, level + 1);
  const value = node + NODE.key + view.getUint16(node + NODE.keyBytes, true);
  if ((flags & NODE_FLAG.tree) !== 0) {
    if (value + TREE.end > view.byteLength) return 'a page of it is not readable';
    return walk(readTree(view, value), pages, level + 1);
  }
  if ((flags & NODE_FLAG.overflow) === 0) return undefined;
  if (value + OVERFLOW.end > view.byteLength) return 'a page of it is not readable';
  const last =
    view.getBigUint64(value + OVERFLOW.first, true) + view.getBigUint64(value + OVERFLOW.pages, true) - 1n;
  return last < pages.pagesInFile ? undefined : cutShort(last + 1n - pages.pagesInFile);
}

/** A page number of 48 bits. */
const childOf = (view: DataView, node: number): bigint =>
  BigInt(view.getUint16(node + NODE.low, true)) |
  (BigInt(view.getUint16(node + NODE.high, true)) << 16n) |
  (BigInt(view.getUint16(node + NODE.flags, true)) << 32n);

interface TreePage {
  readonly view: DataView;
  readonly flags: number;
}

async function treePage(number: bigint, pages: PageSource): Promise<TreePage | string> {
  if (number > pages.lastPage) return `page ${number} is beyond its last page`;
  if (number >= pages.pagesInFile) return cutShort(number + 1n - pages.pagesInFile);
  const view = viewOf(await pages.readPage(number));
  const flags = view.byteLength < PAGE.header ? 0 : view.getUint16(PAGE.flags, true);
  const isTreePage = (flags & (PAGE_FLAG.branch | PAGE_FLAG.leaf)) !== 0;
  if (!isTreePage || view.getBigUint64(PAGE.number, true) !== number) {
    return `page ${number} is not the page of a tree`;
  }
  return { view, flags };
}

/** Offsets of a page's nodes; those that point outside of the page are left out. */
function* nodesOf({ view }: TreePage): Generator<number> {
  // Pointers to nodes follow the header; they and `lower` count from its end.
  const end = Math.min(PAGE.header + view.getUint16(PAGE.lower, true), view.byteLength);
  for (let pointer: number = PAGE.header; pointer + 2 <= end; pointer += 2) {
    const node = PAGE.header + view.getUint16(pointer, true);
    if (node + NODE.key <= view.byteLength) yield node;
  }
}

const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
