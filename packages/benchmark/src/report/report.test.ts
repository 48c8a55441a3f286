import { seededRandom } from '@breakwater/statistics';
import { expect, test } from 'vitest';
import { reportCharts } from './charts/report-charts.ts';
import { itemMap } from './item-map.ts';
import { misfitKind, misfits } from './map-fit.ts';
import { buildReport } from './report.ts';
import { reportPage } from './report-page.ts';
import { reportSections } from './report-sections.ts';
import type { BenchmarkRun } from './run.ts';

const bare: BenchmarkRun = {
  model: 'a',
  task: 't',
  family: 'f',
  outcome: 1,
  epoch: 1,
  minutes: null,
  timeSource: null,
  tokens: null,
  end: null,
  budget: null,
  contamination: 'none-known',
  weight: null,
  evaluation: null,
};

/** 12 tasks of 4 families at 3 models, two epochs; the harder, the fewer succeed. */
function someRuns(names: readonly string[] = ['a', 'b', 'c']): BenchmarkRun[] {
  return names.flatMap((model, skill) =>
    Array.from({ length: 24 }, (_, place): BenchmarkRun => {
      const [task, epoch] = [Math.floor(place / 2), (place % 2) + 1];
      const isSolved = task < 4 + 3 * skill - (epoch === 2 && task % 3 === 0 ? 3 : 0);
      return {
        ...bare,
        model,
        task: `t${task}`,
        family: `f${task % 4}`,
        epoch,
        outcome: isSolved ? 1 : 0,
        minutes: 2 ** task,
        timeSource: task < 6 ? 'completion' : 'expert_estimate',
        tokens: 100 * (task + 1),
        end: isSolved ? 'solved' : 'censored',
        budget: '2,000 tokens',
      };
    }),
  );
}

const table = { penalty: 1e-5, weights: 'task-and-family' } as const;

test('every figure comes with n, epochs, interval, budget, human time and contamination', () => {
  const bootstrap = { replicates: 20, seed: 3, random: seededRandom(3) };
  const report = buildReport({ ...table, runs: someRuns() }, { bootstrap });
  const circumstances = {
    budget: '2,000 tokens',
    humanTime: { completion: 6, expert_estimate: 6 },
    contamination: 'none-known',
  };
  const stands = { n: 12, epochs: { fewest: 2, most: 2 }, circumstances };
  const [model] = report.models;
  expect(model?.accuracy.figure).toMatchObject({ ...stands, interval: { level: 0.95 } });
  expect(model?.clustered?.figure).toMatchObject({ ...stands, clusters: 4 });
  expect(model?.pass.map(({ k }) => k)).toEqual([1, 2]);
  expect(model?.pass[0]?.any.figure).toMatchObject(stands);
  expect(model?.budget.figure).toMatchObject({ n: 12, censored: 8, endsUntold: 0, circumstances });
  expect(model?.power.figure?.plans[0]).toMatchObject({ tasks: 12, epochs: 2 });
  expect(report.pairs).toHaveLength(3);
  expect(report.pairs[0]?.difference.figure).toMatchObject({ ...stands, clusters: 4 });
  expect(report.itemMap.figure?.shared.abilities.map(({ model: name }) => name)).toEqual([
    'a',
    'b',
    'c',
  ]);
  expect(report.itemMap.figure?.own.none).toMatch(/5 models/);
  expect(report.horizons.figure?.fits[0]).toMatchObject({ ...stands, replicates: 20 });
  expect(reportCharts(report).map(({ key }) => key)).toEqual([
    'accuracy',
    'pairs',
    'horizons',
    'curves',
    'budget',
    'items',
  ]);
});

test('a task that weak models solve and strong ones fail stands out, and the others do not', () => {
  const random = seededRandom(11);
  const names = Array.from({ length: 12 }, (_, place) => `m${String(place).padStart(2, '0')}`);
  const runs = names.flatMap((model, skill) =>
    Array.from({ length: 160 }, (_, place): BenchmarkRun => {
      const [task, epoch] = [Math.floor(place / 4), (place % 4) + 1];
      const logit = skill / 2 - task / 6 + 0.5;
      const chance = task === 20 ? 1 - skill / 11 : 1 / (1 + Math.exp(-logit));
      const outcome = random() < chance ? 1 : 0;
      return { ...bare, model, task: `t${task}`, family: `t${task}`, epoch, outcome };
    }),
  );
  const { figure } = itemMap(runs, { level: 0.95, ownSlopes: false });
  const [worst, ...others] = misfits(figure?.fit.tasks.figure ?? []);
  expect([worst?.of, worst && misfitKind(worst)]).toEqual(['t20', 'erratic']);
  expect(others.length).toBeLessThan(8);
  expect(misfits(figure?.fit.models.figure ?? []).length).toBeLessThan(4);
  const few = itemMap(someRuns(), { level: 0.95, ownSlopes: false }).figure?.fit.tasks;
  expect(few?.none).toBe('needs 5 models at least; there are: 3');
});

test('what bears no figure is told with its reason, and draws no chart', () => {
  const report = buildReport({ ...table, runs: [bare] });
  expect(reportCharts(report)).toEqual([]);
  const words = JSON.stringify(reportSections(report));
  for (const reason of ['two independent tasks', 'token counts', 'two models', 'human time']) {
    expect(words).toContain(reason);
  }
});

test('a page runs and fetches nothing, whatever models are called', () => {
  const hostile = '"><script>alert(1)</script><b onerror=1>\u202E';
  const report = buildReport({ ...table, runs: someRuns([hostile, 'b', 'c']) });
  const page = reportPage(report, { title: hostile, sources: [hostile] });
  expect(page).not.toMatch(/<script|<b |onerror=1>|\u202E/);
  expect(
    page
      .replace('<!doctype html>', '')
      .match(/<(?!\/)[a-z0-9]+/g)
      ?.every((tag) => tags.has(tag.slice(1))),
  ).toBe(true);
  expect(page).not.toMatch(/<[^>]*\s(?:src|href)=|url\(|@import/);
});

const tags = new Set(
  'html head meta title style body main h1 h2 p section div dl dt dd svg g line rect circle path text'.split(
    ' ',
  ),
);

test('a chart stays within its width, at a phone and on a desk', () => {
  const report = buildReport({ ...table, runs: someRuns(['a'.repeat(80), 'b', 'c']) });
  for (const chart of reportCharts(report)) {
    for (const width of [300, 900]) {
      const places = [
        ...JSON.stringify(chart.at(width).drawn).matchAll(/"(?:x|x1|x2|cx)":(-?[\d.]+)/g),
      ];
      expect(places.length).toBeGreaterThan(0);
      for (const [, x] of places) {
        expect(Number(x)).toBeGreaterThanOrEqual(0);
        expect(Number(x)).toBeLessThanOrEqual(width);
      }
    }
  }
});
