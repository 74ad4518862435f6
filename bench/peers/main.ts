// `npm run bench:peers -- [options]`: Troupe and its peers side by side, in one run. `--help` tells the options.
import { readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { machineFacts } from '../lib/machine.ts';
import { installPeers, nodeForPeers } from './lib/install.ts';
import { runPeer } from './lib/peer-process.ts';
import { WORKLOAD_IDS } from './lib/peer.ts';
import { writeReadme } from './lib/readme.ts';
import { PeerReportBuilder, renderPeers, writePeersHtml, writePeersJson } from './lib/report.ts';
import { sizesOf } from './lib/sizes.ts';

/** Files of adapters/, in the order in which they run. */
const ADAPTERS = [
  'troupe',
  'dbos',
  'openworkflow-sqlite',
  'openworkflow-postgres',
  'restate',
  'effect',
  'temporal',
] as const;

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const HELP = `usage: npm run bench:peers -- [options]

  --peers <names>      some of them, such as dbos,restate (default: all); a name's beginning is enough
  --only <ids>         some workloads, such as W2,W4 (default: ${WORKLOAD_IDS.join(', ')})
  --quick              a first impression: one repetition, short windows, 1 and 100 in flight
  --seconds <n>        length of a measured window (default: 10, quick: 2)
  --repetitions <n>    of each figure (default: 3, quick: 1)
  --in-flight <list>   callers in W1, W2 and W3 (default: 1,10,100,1000, quick: 1,100)
  --json <file>        the report for machines
  --html <file>        the report as a page
  --readme             puts the chart and the table into the README
  --postgres <url>     a PostgreSQL server that runs already (default: one of the bench's own)
  --temporal <what>    the address of a Temporal server, or the path of the 'temporal' program (default: that of the PATH)
  --data <folder>      on the disk that is measured (default: bench/.data)

  peers: ${ADAPTERS.join(', ')}
`;

const { values } = parseArgs({
  options: {
    peers: { type: 'string' },
    only: { type: 'string' },
    quick: { type: 'boolean', default: false },
    seconds: { type: 'string' },
    repetitions: { type: 'string' },
    'in-flight': { type: 'string' },
    json: { type: 'string' },
    html: { type: 'string' },
    readme: { type: 'boolean', default: false },
    postgres: { type: 'string' },
    temporal: { type: 'string' },
    data: { type: 'string', default: fileURLToPath(new URL('../.data', import.meta.url)) },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

if (values.help) process.stdout.write(HELP);
else await run();

async function run(): Promise<void> {
  const adapters = chosen('peer', values.peers, ADAPTERS);
  const workloads = chosen('workload', values.only, WORKLOAD_IDS);
  const isQuick = values.quick;
  const sizes = sizesOf({
    isQuick,
    seconds: numberOf('seconds', values.seconds),
    repetitions: numberOf('repetitions', values.repetitions),
    callers: values['in-flight']?.split(',').map((text) => numberOf('in-flight', text) ?? 1),
  });
  installPeers();
  const interrupted = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(name, () => interrupted.abort(name));
  const data = path.join(values.data, `peers-${process.pid}`);
  const report = new PeerReportBuilder({ mode: isQuick ? 'quick' : 'full', sizes, machine: machineFacts() });
  try {
    for (const adapter of adapters) {
      for (const workload of workloads) {
        if (interrupted.signal.aborted) break;
        progress(`${adapter} ${workload}: starting`);
        const reason = await runPeer({
          node: nodeForPeers(),
          data,
          job: { adapter, workload, sizes, isQuick, ...serversOf(values) },
          signal: interrupted.signal,
          hear: (message) => {
            if (message.kind === 'progress') progress(`${adapter} ${workload}: ${message.text}`);
            else report.hear(adapter, message);
          },
        });
        if (reason !== undefined) report.fail(adapter, workload, reason);
      }
    }
  } finally {
    progress('');
    rmSync(data, { recursive: true, force: true });
    if (readdirSync(values.data).length === 0) rmSync(values.data, { recursive: true });
  }
  const result = report.result();
  console.log(renderPeers(result));
  if (values.json !== undefined) writePeersJson(fromCaller(values.json), result);
  if (values.html !== undefined) writePeersHtml(fromCaller(values.html), result);
  if (interrupted.signal.aborted) process.exitCode = 130;
  else if (values.readme) writeReadme(ROOT, result, commandLine());
}

function serversOf({ postgres, temporal }: { postgres?: string; temporal?: string }) {
  return {
    ...(postgres !== undefined && { postgresUrl: postgres }),
    ...(temporal !== undefined &&
      (/^[^/\\]+:\d+$/.test(temporal) ? { temporalAddress: temporal } : { temporalBinary: temporal })),
  };
}

function chosen<Name extends string>(
  kind: string,
  list: string | undefined,
  all: readonly Name[],
): readonly Name[] {
  if (list === undefined) return all;
  const wanted = list.split(',').map((name) => name.trim().toLowerCase());
  const matches = (name: Name, want: string): boolean => name.toLowerCase().startsWith(want);
  const unknown = wanted.filter((want) => want === '' || !all.some((name) => matches(name, want)));
  if (unknown.length > 0) throw new Error(`no such ${kind}: ${unknown.join(', ')}`);
  return all.filter((name) => wanted.some((want) => matches(name, want)));
}

function numberOf(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!(value > 0)) throw new Error(`--${name} is a number above zero, not '${text}'`);
  return value;
}

/** As it was typed, for whoever wants to do the same. */
/** A declaration: the run above begins before the lines down here are reached. */
function commandLine(): string {
  const options = process.argv.slice(2).filter((argument, i, all) => {
    // Where its JSON goes is nobody else's business.
    return argument !== '--readme' && argument !== '--json' && all[i - 1] !== '--json';
  });
  return ['npm run bench:peers --', ...options].join(' ');
}

/** npm runs scripts in the package's folder, and tells in which folder it was called itself. */
function fromCaller(file: string): string {
  return path.resolve(process.env['INIT_CWD'] ?? process.cwd(), file);
}

/** One line that is replaced in a terminal; a line each elsewhere. */
function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[2K${text}`);
  else if (text !== '') process.stderr.write(`${text}\n`);
}
