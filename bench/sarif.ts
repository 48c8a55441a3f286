import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, readFileSync } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { BenchOptions, Row } from './row.ts';

const cli = path.join(import.meta.dirname, '../apps/cli/src/main.ts');
const megabyte = 1_000_000;

/**
 * A SARIF file larger than memory should be: read by `breakwater import`, every result drafted and
 * nothing sent, beside JSON.parse on a file a tenth of its size (one over 512 MB it cannot take).
 */
export async function run({ short }: BenchOptions): Promise<Row[]> {
  const megabytes = short ? 50 : 1_000;
  const folder = await mkdtemp(path.join(tmpdir(), 'breakwater-bench-sarif-'));
  try {
    const file = path.join(folder, 'large.sarif');
    const small = path.join(folder, 'small.sarif');
    await writeLog(file, megabytes);
    await writeLog(small, megabytes / 10);
    const parsed = await measure(['-e', parseAll, small]);
    const words = ['import', file, '--package', 'pkg:npm/example', '--version', '1.0.0'];
    // As tools/setup/breakwater.mjs starts it.
    const node = ['--max-semi-space-size=16', cli];
    const read = await measure([...node, ...words], { XDG_DATA_HOME: folder });
    const size = (await stat(file)).size / megabyte;
    const peer = (await stat(small)).size / megabyte / parsed.seconds;
    const memory = read.peakBytes / megabyte;
    return [
      {
        name: `import of ${Math.round(size)} MB, ${read.rows} results`,
        value: read.seconds,
        unit: 's',
      },
      {
        name: 'read, drafted and told',
        value: size / read.seconds,
        unit: 'MB/s',
        ratio: size / read.seconds / peer,
      },
      {
        name: 'memory at its peak',
        value: memory,
        unit: 'MB',
        limit: { name: 'of any file', value: 200, met: memory < 200 },
        ratio: memory / (parsed.peakBytes / megabyte),
      },
    ];
  } finally {
    await rm(folder, { recursive: true });
  }
}

const parseAll = `
  const log = JSON.parse(require('node:fs').readFileSync(process.argv[1], 'utf8'));
  console.log('read', log.runs[0].results.length);
`;

interface Measured {
  readonly seconds: number;
  readonly peakBytes: number;
  readonly rows: number;
}

/** Runs Node and asks the kernel, while it runs, how much memory it has held at most. */
async function measure(words: readonly string[], more: Record<string, string> = {}) {
  const begun = performance.now();
  const child = spawn(process.execPath, words, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...more },
  });
  let out = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  let peakBytes = 0;
  const ended = once(child, 'close');
  const watch = setInterval(() => {
    peakBytes = Math.max(peakBytes, peakOf(child.pid));
  }, 20);
  await ended;
  clearInterval(watch);
  const seconds = (performance.now() - begun) / 1_000;
  const rows = Number(/read\s+(\d+)/.exec(out)?.[1] ?? 0);
  if (rows === 0) throw new Error(`nothing was read: ${out.slice(0, 200)}`);
  return { seconds, peakBytes, rows } satisfies Measured;
}

function peakOf(pid: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1_024;
  } catch {
    return 0; // it has ended
  }
}

/** A log of about this size, as scanners write them; what results refer to stands behind them. */
async function writeLog(file: string, megabytes: number): Promise<void> {
  const stream = createWriteStream(file);
  const write = async (text: string) => {
    if (!stream.write(text)) await once(stream, 'drain');
  };
  await write('{"version":"2.1.0","runs":[{"results":[');
  let bytes = 0;
  for (let at = 0; bytes < megabytes * megabyte; at += 1) {
    const text = `${at === 0 ? '' : ','}${JSON.stringify(resultOf(at))}`;
    bytes += text.length;
    await write(text);
  }
  await write(`],"artifacts":${JSON.stringify(artifacts)},"tool":${JSON.stringify(tool)}}]}`);
  stream.end();
  await once(stream, 'finish');
}

const rules = Array.from({ length: 200 }, (_, i) => ({
  id: `js/rule-${i}`,
  name: `Rule${i}`,
  shortDescription: { text: `What rule ${i} is about` },
  fullDescription: { text: `Why rule ${i} matters, at some length. `.repeat(4) },
  defaultConfiguration: { level: 'warning' },
  properties: { tags: ['security', `external/cwe/cwe-0${20 + (i % 70)}`] },
}));
const tool = { driver: { name: 'scanner', semanticVersion: '2.15.0', rules } };
const artifacts = Array.from({ length: 5_000 }, (_, i) => ({
  location: { uri: `src/part-${i % 50}/module-${i}.js`, uriBaseId: '%SRCROOT%', index: i },
}));

function resultOf(at: number) {
  const place = (line: number) => ({
    physicalLocation: {
      artifactLocation: { uriBaseId: '%SRCROOT%', index: (at * 7 + line) % artifacts.length },
      region: { startLine: line, startColumn: 9, endColumn: 40 },
    },
    message: { text: `step "${line}" of \u00e9 ${at}` },
  });
  return {
    ruleId: rules[at % rules.length]?.id,
    ruleIndex: at % rules.length,
    message: { text: `A value from [the request](1) reaches place ${at} unchecked.` },
    locations: [place(1 + (at % 900))],
    relatedLocations: [{ id: 1, ...place(3) }],
    codeFlows: [{ threadFlows: [{ locations: [4, 5, 6].map((l) => ({ location: place(l) })) }] }],
    partialFingerprints: { primaryLocationLineHash: `${(at * 2_654_435_761) % 2 ** 32}:1` },
  };
}
