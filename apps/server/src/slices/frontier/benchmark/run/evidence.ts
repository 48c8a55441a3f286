import { limitsWords } from '@breakwater/benchmark';
import { type BenchmarkRun, runsOfLog } from '@breakwater/benchmark/report';
import type { RunFigures, RunLimits } from '@breakwater/contract';
import { openEvalLog } from '@breakwater/formats/eval-log';
import { bytesToHex, type Id, type Instant } from '@breakwater/kernel';
import type { Reader } from '../../../../platform/database/database.ts';
import type { Services } from '../../../../services.ts';
import type { ReviewState } from '../review/decide.ts';
import { findSuite } from '../suite/store.ts';
import { accessTo } from './access.ts';
import { figuresOf } from './figures.ts';
import { codecs, logSource, unlessErased } from './log-source.ts';
import { type Scored, scoredOf } from './sample-store.ts';
import { findRun, partsOf, takenInOf } from './store.ts';

/** A run, for whoever decides by it. */
interface EvidenceRun {
  readonly run: Id<'run'>;
  readonly beganAt: Instant;
  readonly takenIn: boolean;
  /** Commitment of its suite, in hexadecimal; null: it stands alone. */
  readonly suite: string | null;
  /** Items of its suite; 0 where it stands alone. */
  readonly items: number;
  readonly limits: RunLimits;
  /** Equal for runs of one model, and telling nothing else. */
  readonly model: string;
  readonly modelContent: Id<'content'>;
}

/** A sample as its run's log and its reviewers tell it. */
interface EvidenceSample {
  readonly counted: Scored;
  /** null: no score that a fit can take. Its task is the sealed item, its model nameless. */
  readonly run: BenchmarkRun | null;
  readonly review: ReviewState;
}

/** A run all of whose results `party` may see at this moment; null otherwise. */
export async function evidenceRun(
  reader: Reader,
  id: string,
  party: string,
): Promise<EvidenceRun | null> {
  const row = await findRun(reader, id);
  if (row === null) return null;
  const { known, results } = await accessTo(reader, row, party);
  if (!known || results !== 'all') return null;
  const suite = row.suite === null ? null : await findSuite(reader, row.suite);
  return {
    run: row.id,
    beganAt: row.at,
    takenIn: row.state === 'taken-in',
    suite: suite === null ? null : bytesToHex(new Uint8Array(suite.commitment)),
    items: suite?.count ?? 0,
    limits: row.limits,
    model: bytesToHex(new Uint8Array(row.model_key)),
    modelContent: row.model_content,
  };
}

/** How many runs with a log are of the suite and model of `run`, begun after `since`. */
export async function countLike(
  reader: Reader,
  { run, since }: { readonly run: string; readonly since: Instant },
): Promise<number> {
  const row = await findRun(reader, run);
  if (row === null || row.suite === null) return 0;
  const key = bytesToHex(new Uint8Array(row.model_key));
  const like = await takenInOf(reader, row.suite);
  return like.filter(
    ({ at, model_key }) => at > since && bytesToHex(new Uint8Array(model_key)) === key,
  ).length;
}

/** How many samples were taken in of these runs. */
export async function countEvidence(reader: Reader, runs: readonly string[]): Promise<number> {
  return (await scoredOf(reader, runs, 'all')).length;
}

/** The samples of runs whose logs are here, each with what its log tells; null: one was erased. */
export async function evidenceOf(
  services: Pick<Services, 'database' | 'content'>,
  runs: readonly string[],
): Promise<readonly EvidenceSample[] | null> {
  const all: EvidenceSample[] = [];
  for (const id of runs) {
    const own = await unlessErased(() => samplesOf(services, id));
    if (own === null) return null;
    all.push(...own);
  }
  return all;
}

async function samplesOf(
  { database, content }: Pick<Services, 'database' | 'content'>,
  id: string,
): Promise<readonly EvidenceSample[]> {
  const { row, scored, parts } = await database.read(async (r) => ({
    row: await findRun(r, id),
    scored: await scoredOf(r, [id], 'all'),
    parts: await partsOf(r, id),
  }));
  const log = await openEvalLog(logSource(content, parts), codecs);
  const read = log.ok ? await runsOfLog(log.value) : log;
  // It was gone through when it was taken in.
  if (!read.ok) throw new Error(`the log of ${id} cannot be read again: ${read.refusal.code}`);
  const { runs, places } = read.value;
  const byPlace = new Map(places.map((place, i) => [place, runs[i]] as const));
  const budget = row === null ? null : limitsWords(row.limits);
  return scored.map((counted, place) => {
    const told = byPlace.get(place);
    const run = told === undefined ? null : known(told, { counted, budget });
    return { counted, run, review: counted.review };
  });
}

/** The run by its item; what is known here goes before what its log says. */
function known(
  told: BenchmarkRun,
  { counted, budget }: { readonly counted: Scored; readonly budget: string | null },
): BenchmarkRun {
  const { task, cluster, contamination } = counted;
  const family = cluster === null ? told.family : `cluster ${cluster}`;
  return { ...told, model: 'model', task, family, budget, contamination };
}

/** BEN-12: the accuracy over samples, as the figures of runs tell it. */
export function accuracyOf(
  samples: readonly EvidenceSample[],
  of: { readonly limits: RunLimits; readonly level: number },
): RunFigures['all'] {
  return figuresOf(
    samples.map(({ counted }) => counted),
    of,
  ).all;
}
