import { runs as contract } from '@breakwater/contract';
import { type Id, ok } from '@breakwater/kernel';
import { pageFrom, parseCursor } from '../../../../page.ts';
import type { Reader } from '../../../../platform/database/database.ts';
import { notFound, type Route, rangedRoute, route } from '../../../../route.ts';
import type { Services } from '../../../../services.ts';
import { review } from '../review/review.ts';
import { reviewsSeen } from '../review/views.ts';
import { isAny, isWithin, type Reach, reachOf } from '../suite/rights.ts';
import { allowancesFor } from '../suite/store.ts';
import { accessTo } from './access.ts';
import { createFewAtOnce, type FewAtOnce } from './few-at-once.ts';
import { figuresOf } from './figures.ts';
import { logBytes } from './log-bytes.ts';
import { unlessErased } from './log-source.ts';
import { findSample, listSamples, scoredOf } from './sample-store.ts';
import { findRun, listRuns, type RunRow, takenInOf } from './store.ts';
import { takeIn } from './take-in.ts';
import { transcriptOf } from './transcript.ts';
import { runView, sampleView } from './views.ts';
import { addPart, beginRun, endRun, progress } from './work.ts';

/** BEN-15: logs that this process goes through at once, and calls that wait for it. */
const logsAtOnce = { atOnce: 2, waitingMax: 16 };

/** The operations on runs: by their workers, and by whoever reads what came of them. */
export function runRoutes(services: Services): readonly Route[] {
  const fewAtOnce = createFewAtOnce(logsAtOnce);
  return [
    route(contract.beginRun, (call) => beginRun(services, call)),
    route(contract.progress, (call) => progress(services, call)),
    route(contract.endRun, (call) => endRun(services, call)),
    route(contract.addPart, (call) => addPart(services, call)),
    route(contract.takeIn, (call) => takeIn(services, { fewAtOnce }, call)),
    ...readingRoutes(services),
    ...sampleRoutes(services, fewAtOnce),
  ];
}

function readingRoutes(services: Services): readonly Route[] {
  const { database } = services;
  return [
    route(contract.runs, async ({ query, actor }) => {
      const of = {
        suite: query.suite ?? null,
        state: query.state ?? null,
        after: parseCursor(query.after),
        limit: query.limit,
      };
      const { rows, accesses } = await database.read(async (r) => {
        const found = await listRuns(r, actor, of);
        const all = await Promise.all(found.map((row) => accessTo(r, row, actor.id)));
        return { rows: found, accesses: all };
      });
      const views = rows.flatMap((row, i) => {
        const access = accesses[i];
        return access === undefined ? [] : [runView(services, row, access)];
      });
      return ok(pageFrom(rows, query.limit, await Promise.all(views)));
    }),
    route(contract.run, async ({ params, actor }) => {
      const found = await database.read(async (r) => {
        const row = await findRun(r, params.run);
        if (row === null) return null;
        const access = await accessTo(r, row, actor.id);
        const counts = row.state === 'taken-in' && isAny(access.results);
        const samples = counts ? await scoredOf(r, [row.id], access.results) : null;
        return { row, access, samples };
      });
      if (found === null) return notFound('a run');
      const { row, access, samples } = found;
      const view = await runView(services, row, access);
      return ok({ ...view, figures: samples === null ? null : figuresOf(samples, row) });
    }),
    rangedRoute(contract.runLog, ({ params, actor }) =>
      logBytes(services, { run: params.run, party: actor.id }),
    ),
    route(contract.figures, async ({ params, actor }) => {
      const groups = await database.read((r) => groupsOf(r, params.suite, actor.id));
      const items = groups.map(async ({ runs, samples }) => ({
        model: await services.content.getText(runs[0].model_content),
        limits: runs[0].limits,
        runs: runs.length,
        figures: figuresOf(samples, runs[0]),
      }));
      return ok({ items: await Promise.all(items) });
    }),
  ];
}

function sampleRoutes(services: Services, fewAtOnce: FewAtOnce): readonly Route[] {
  const { database } = services;
  return [
    route(contract.samples, async ({ params, query, actor }) => {
      const page = { after: parseCursor(query.after), limit: query.limit };
      const { rows, results } = await database.read(async (r) => {
        const run = await findRun(r, params.run);
        if (run === null) return { rows: [], results: nothing };
        const { results, transcripts } = await accessTo(r, run, actor.id);
        const of = { run: run.id, review: query.review ?? null };
        if (query.reviewable === undefined) {
          const all = { ...of, reach: results, openFor: null };
          return { rows: await listSamples(r, all, page), results };
        }
        if (run.party === actor.id) return { rows: [], results };
        const left = { ...of, reach: transcripts, openFor: actor.id };
        return { rows: await listSamples(r, left, page), results };
      });
      const views = rows.map((row) => sampleView(row, results));
      return ok(pageFrom(rows, query.limit, views));
    }),
    route(contract.sample, async ({ params, actor }) => {
      const seen = await database.read((r) => sampleSeen(r, params.sample, actor.id));
      if (seen === null) return notFound('a sample');
      const { row, results, mayRead } = seen;
      const said = await reviewsSeen(services, row, actor.id);
      const isOpen = row.review === 'open' || row.review === 'disputed';
      const mayReview = isOpen && mayRead && row.broughtBy !== actor.id && said.own === null;
      return ok({ ...sampleView(row, results), ...said, mayReview });
    }),
    route(contract.transcript, async ({ params, query, actor }) => {
      const look = () => database.read((r) => readable(r, params.sample, actor.id));
      if ((await look()) === null) return notFound('a transcript');
      return await fewAtOnce(actor.id, async () => {
        // While it waited, it may have been taken back.
        const row = await look();
        if (row === null) return notFound('a transcript');
        const page = await unlessErased(() => transcriptOf(services, row, query));
        return page ?? notFound('a transcript');
      });
    }),
    route(contract.review, (call) => review(services, { maySee: readable }, call)),
  ];
}

const nothing: Reach = new Set();

/** A sample whose result `party` may see; null otherwise. */
async function sampleSeen(reader: Reader, id: string, party: string) {
  const row = await findSample(reader, id);
  const run = row === null ? null : await findRun(reader, row.run);
  if (row === null || run === null) return null;
  const { results, transcripts } = await accessTo(reader, run, party);
  if (!isWithin(results, row.item ?? '')) return null;
  return {
    row: { ...row, broughtBy: run.party },
    results,
    mayRead: isWithin(transcripts, row.item ?? ''),
  };
}

/** Whoever judges a sample has to be able to read it. */
async function readable(reader: Reader, id: string, party: string) {
  const seen = await sampleSeen(reader, id, party);
  return seen?.mayRead === true ? seen.row : null;
}

/** The runs of one model under one budget, with what `party` may see of their samples. */
async function groupsOf(reader: Reader, suite: Id<'suite'>, party: string) {
  const results = reachOf(await allowancesFor(reader, suite, party), party, 'results');
  if (!isAny(results)) return [];
  const runs = await takenInOf(reader, suite);
  const scored = await scoredOf(
    reader,
    runs.map(({ id }) => id),
    results,
  );
  const ofRun = Map.groupBy(scored, ({ run }) => run);
  const shown = runs.filter(({ id }) => ofRun.has(id));
  return [...Map.groupBy(shown, groupKey).values()].flatMap(([first, ...others]) => {
    if (first === undefined) return [];
    const group: readonly [RunRow, ...RunRow[]] = [first, ...others];
    return [{ runs: group, samples: group.flatMap(({ id }) => ofRun.get(id) ?? []) }];
  });
}

function groupKey({ model_key: model, limits }: RunRow): string {
  const budget = Object.entries(limits).map(([name, value]) => `${name} ${value}`);
  return [Buffer.from(model).toString('hex'), ...budget.toSorted()].join(', ');
}
