// The layers of src/, held by `npm run check`. `npx depcruise src -T dot` draws the same graph.
// Type-only imports count as imports.

/**
 * What each folder may import besides itself. A folder inside a listed folder that has an entry of its own is a layer
 * of its own. `worker`, `testing` and the files at the top have no entry: they stand above the layers.
 */
const LAYERS = {
  model: [],
  common: ['model'],
  workflow: ['model', 'common'],
  'storage/format': ['model', 'common'],
  'actors/history': ['model', 'common', 'storage/format'],
  'actors/replay': ['model', 'common', 'storage/format', 'actors/history'],
  'actors/sandbox': ['model', 'common', 'storage/format', 'actors', 'workflow', 'bundle'],
  wire: ['model', 'storage/format'],
  actors: ['model', 'common', 'storage/format', 'wire'],
  storage: ['model', 'common'],
  scheduler: ['model', 'common', 'storage/format', 'storage', 'wire'],
  bundle: ['model', 'common'],
  activity: ['model', 'common'],
  // Its door, client/index.ts, also opens the connection that stands above the layers.
  client: ['model', 'common'],
};
const DOORS_ABOVE = '^src/client/index\\.ts$';

/** Compiled without Node's types; here neither Node's modules nor packages that we did not choose for them. */
const PURE = ['model', 'common', 'workflow', 'storage/format', 'wire', 'actors/history', 'actors/replay'];

/** The one folder that may know each package. */
const PACKAGE_HOMES = {
  lmdb: 'storage/lmdb',
  msgpackr: 'storage/format',
  piscina: 'scheduler',
  esbuild: 'bundle',
  ms: 'common',
};

const within = (folders) => `^src/(${folders.join('|')})/`;
const nestedIn = (layer) => Object.keys(LAYERS).filter((other) => other.startsWith(`${layer}/`));

function layerRule([layer, allowed]) {
  const nested = nestedIn(layer);
  return {
    name: `layer-${layer.replace('/', '-')}`,
    comment: `src/${layer} imports only ${['itself', ...allowed].join(', ')}.`,
    severity: 'error',
    from: { path: within([layer]), pathNot: [...(nested.length > 0 ? [within(nested)] : []), DOORS_ABOVE] },
    to: { path: '^src/', pathNot: within([layer, ...allowed]) },
  };
}

function packageRule([packageName, home]) {
  return {
    name: `package-${packageName}`,
    comment: `Only src/${home} knows the package ${packageName}.`,
    severity: 'error',
    from: { pathNot: within([home]) },
    to: { path: `node_modules/(@types/)?${packageName}/` },
  };
}

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    ...Object.entries(LAYERS).map(layerRule),
    ...Object.entries(PACKAGE_HOMES).map(packageRule),
    {
      name: 'no-cycles',
      comment: 'A cycle has no layer.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'pure-folders-without-node',
      comment: 'Pure code runs anywhere, also inside the sandbox: no module of Node.',
      severity: 'error',
      from: { path: within(PURE) },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'pure-folders-without-packages',
      comment: 'Only ms (durations) and msgpackr (records) are known to be pure.',
      severity: 'error',
      from: { path: within(PURE) },
      to: { path: 'node_modules/', pathNot: 'node_modules/(@types/)?(ms|msgpackr)/' },
    },
    {
      name: 'shard-threads-without-io',
      comment: 'A shard thread decides. It may be killed at any instant, so it holds nothing but memory.',
      severity: 'error',
      from: { path: within(['actors']) },
      to: {
        path: '^(node:)?(fs|net|tls|dgram|dns|http|https|http2|child_process|cluster)(/|$)',
        dependencyTypes: ['core'],
      },
    },
    {
      name: 'shard-threads-without-the-bundler',
      comment: 'A sandbox is handed a bundle and knows its type; making one is the work of the host.',
      severity: 'error',
      from: { path: within(['actors']) },
      to: { path: within(['bundle']), dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'only-the-root-wires',
      comment: 'Adapters meet in src/troupe.ts, and in the simulations of src/testing, nowhere else.',
      severity: 'error',
      from: { pathNot: '^src/(index\\.ts|troupe[./]|testing/|actors/|scheduler/|storage/)' },
      to: { path: '^src/(actors|scheduler|storage)/', pathNot: '^src/storage/format/' },
    },
    {
      name: 'doors-open-outwards',
      comment: 'The package, its command and its test tools are for users: nothing inside imports them.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/testing/' },
      to: { path: '^src/(index\\.ts|cli\\.ts|testing/)' },
    },
    {
      name: 'no-undeclared-package',
      comment: 'What the package loads is in its "dependencies".',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-unresolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.host.json' },
    combinedDependencies: false,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['require', 'node', 'types', 'default'],
    },
  },
};
