import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type Crash, explainJoin, headlineOf, readCrash } from '@breakwater/correlation';
import { z } from 'zod';
import { askClusterFuzz, findClusterFuzz } from './peers/clusterfuzz.ts';
import { needData } from './peers/data.ts';
import { judge, rowsOf } from './peers/judged.ts';
import type { BenchOptions, Report, Row } from './row.ts';

const Cases = z.object({
  cases: z.array(
    z.object({ poc: z.string(), cve: z.string().nullable(), fix_commit: z.string().optional() }),
  ),
});

/** A real crash: its log, the program it is of, and what ended it. */
interface Log {
  readonly name: string;
  readonly text: string;
  readonly software: string;
  /** The commit that ended it where that is known, else the CVE: which crashes are one defect. */
  readonly truth: string;
}

/**
 * Real crashes of six programs, two and two of one program: are they one defect? One commit ended
 * both, or none did. Our exact keys beside ClusterFuzz's own parser and comparer.
 */
export async function run({ short }: BenchOptions): Promise<Report> {
  const logs = reproduced();
  const others = published();
  const peer = await findClusterFuzz();
  if ('missing' in peer) {
    return { rows: [], notes: [`ClusterFuzz ${peer.version} cannot run here: ${peer.missing}`] };
  }
  const pairs = pairsOf(logs);
  const repeats = short ? 1 : 5;
  const texts = [...logs.map(({ text }) => text), ...others];
  const theirs = await askClusterFuzz(peer.command, { logs: texts, pairs, repeats });
  const ours = readAll(texts, repeats);
  const isSame = ([i, j]: readonly [number, number]) => logs[i]?.truth === logs[j]?.truth;
  const verdicts = pairs.map((pair) => ({
    pair,
    isSame: isSame(pair),
    joined: areJoined(ours.crashes, logs, pair),
  }));
  const judged = {
    ours: judge(verdicts),
    theirs: judge(
      pairs.map((pair, at) => ({ isSame: isSame(pair), joined: theirs.joined[at] ?? false })),
    ),
  };
  const amiss = verdicts
    .filter((verdict) => verdict.isSame !== verdict.joined)
    .map(({ pair, joined }) => {
      const [one, other] = pair.map((at) => nameOf(logs[at], ours.crashes[at]));
      return `ours ${joined ? 'joins wrongly' : 'keeps apart wrongly'}: ${one}; ${other}`;
    });
  const rows: Row[] = [
    { name: 'crashes whose fix is known', value: logs.length, unit: '' },
    { name: 'pairs of one program, one defect', value: judged.ours.same, unit: '' },
    { name: 'pairs of one program, different defects', value: judged.ours.different, unit: '' },
    ...rowsOf('ClusterFuzz', judged.theirs),
    ...rowsOf('ours', judged.ours, judged.theirs),
    ...speedRows(texts.length, ours.seconds, theirs.seconds),
  ];
  return { peers: [`ClusterFuzz ${peer.version} (PyPI)`], rows, notes: [...notMeasured, ...amiss] };
}

/** What cannot be measured here, and why. */
const notMeasured = [
  'OSS-Fuzz entries that one commit fixed: what is published of them has the kind of the crash and ' +
    'no stack, so neither rule can be asked',
  'CASR: its crash reports with known clusters are not among the real material',
];

function reproduced(): Log[] {
  const root = needData('crash/cases');
  return globSync('*/{A-,}cases.json', { cwd: root }).flatMap((file): Log[] => {
    const software = path.dirname(file);
    const { cases } = Cases.parse(JSON.parse(readFileSync(path.join(root, file), 'utf8')));
    return cases.flatMap(({ poc, cve, fix_commit }): Log[] => {
      const name = path.basename(poc);
      const [log] = globSync(`{vulnerable-output,asan-vulnerable}/${name}.txt`, {
        cwd: path.join(root, software),
      });
      if (log === undefined || cve === null) return [];
      const text = readFileSync(path.join(root, software, log), 'utf8');
      return [{ name, text, software, truth: fix_commit ?? cve }];
    });
  });
}

/** The reports by which ClusterFuzz tests itself: read for the time that takes, not for a truth. */
function published(): string[] {
  const root = needData('stacktraces/clusterfuzz/stack_analyzer_data');
  return globSync('*.txt', { cwd: root }).map((file) =>
    readFileSync(path.join(root, file), 'utf8'),
  );
}

function pairsOf(logs: readonly Log[]): [number, number][] {
  return logs.flatMap((one, i) =>
    logs.flatMap((other, j): [number, number][] =>
      i < j && one.software === other.software ? [[i, j]] : [],
    ),
  );
}

function nameOf(log: Log | undefined, crash: Crash | null | undefined): string {
  return `${log?.name} (${crash == null ? 'not read' : headlineOf(crash)})`;
}

function readAll(texts: readonly string[], repeats: number) {
  let crashes: (Crash | null)[] = [];
  let seconds = Number.POSITIVE_INFINITY;
  for (let n = 0; n < repeats; n++) {
    const begun = performance.now();
    crashes = texts.map((text) => {
      const read = readCrash(text);
      return read.ok ? read.value : null;
    });
    seconds = Math.min(seconds, (performance.now() - begun) / 1_000);
  }
  return { crashes, seconds };
}

function areJoined(
  crashes: readonly (Crash | null)[],
  logs: readonly Log[],
  pair: readonly [number, number],
): boolean {
  const [one, other] = pair.map((at) => {
    const crash = crashes[at] ?? null;
    return crash === null ? null : { package: `pkg:generic/${logs[at]?.software}`, crash };
  });
  if (one == null || other == null) return false;
  return explainJoin(one, other).length > 0;
}

function speedRows(count: number, ours: number, theirs: number): Row[] {
  const [our, their] = [count / ours, count / theirs];
  return [
    { name: `ClusterFuzz: logs read, of ${count}`, value: their, unit: '/s' },
    { name: `ours: logs read, of ${count}`, value: our, unit: '/s', ratio: our / their },
  ];
}
