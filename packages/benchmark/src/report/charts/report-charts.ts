import { chanceAt } from '@breakwater/statistics';
import type { BenchmarkReport } from '../report.ts';
import { type Curve, curveChart } from './curve-chart.ts';
import { itemMapChart } from './item-map-chart.ts';
import type { Picture } from './picture.ts';
import { type RangeRow, rangeChart } from './range-chart.ts';
import { minutesWords, percent, plain, short } from './scale.ts';

/** A chart of a report: what it shows, and its picture in any width. */
export interface ReportChart {
  readonly key: 'accuracy' | 'horizons' | 'curves' | 'budget' | 'items' | 'pairs';
  readonly title: string;
  /** How to read it, in a sentence. */
  readonly says: string;
  readonly at: (width: number) => Picture;
}

const pairsShown = 15;

/** The charts that a report has figures for, in the order in which they are read. */
export function reportCharts(report: BenchmarkReport): readonly ReportChart[] {
  return [
    accuracyChart(report),
    pairsChart(report),
    ...horizonCharts(report),
    budgetChart(report),
    itemsChart(report),
  ].filter((chart) => chart !== null);
}

function accuracyChart({ models, level }: BenchmarkReport): ReportChart | null {
  const rows = models.flatMap(({ model, accuracy: { figure } }): RangeRow[] =>
    figure === null
      ? []
      : [{ name: model, value: figure.value, ...ends(within(figure.interval, 0)) }],
  );
  if (rows.length === 0) return null;
  const title = 'Accuracy';
  const chart = { title, rows: falling(rows), words: percent, scale: 'linear' as const };
  return {
    key: 'accuracy',
    title,
    says: `Mean score over tasks, with its ${percent(level)} interval.`,
    at: (width) => rangeChart({ ...chart, least: { from: 0, to: 1 } }, width),
  };
}

function pairsChart(report: BenchmarkReport): ReportChart | null {
  const { pairs, level } = report;
  const isAll = pairs.length <= pairsShown;
  const shown = isAll ? pairs.map((pair) => ({ ...pair, sign: 1 })) : neighbors(report);
  const rows = shown.flatMap(({ first, second, sign, difference: { figure } }): RangeRow[] => {
    if (figure === null) return [];
    const [one, other] = sign === 1 ? [first, second] : [second, first];
    const { low, high } = within(figure.interval, -1);
    const [from, to] = sign === 1 ? [low, high] : [-high, -low];
    return [{ name: `${one} − ${other}`, value: sign * figure.value, low: from, high: to }];
  });
  if (rows.length === 0) return null;
  const title = 'Side by side';
  const which = isAll ? '' : ' Each model less the next best.';
  return {
    key: 'pairs',
    title,
    says: `Difference in accuracy at the same tasks, with its ${percent(level)} interval.${which}`,
    at: (width) =>
      rangeChart({ title, rows, words: signedPercent, scale: 'linear', mark: 0 }, width),
  };
}

/** Of each model and the next in accuracy, the pair, as better less worse. */
function neighbors({ models, pairs }: BenchmarkReport) {
  const ranked = models
    .filter(({ accuracy }) => accuracy.figure !== null)
    .toSorted((a, b) => (b.accuracy.figure?.value ?? 0) - (a.accuracy.figure?.value ?? 0));
  return ranked.slice(0, -1).flatMap(({ model }, place) => {
    const next = ranked[place + 1]?.model;
    return pairs.flatMap((pair) => {
      if (pair.first === model && pair.second === next) return [{ ...pair, sign: 1 }];
      return pair.first === next && pair.second === model ? [{ ...pair, sign: -1 }] : [];
    });
  });
}

function horizonCharts({ horizons, level }: BenchmarkReport): (ReportChart | null)[] {
  const fits = horizons.figure?.fits ?? [];
  if (fits.length === 0) return [];
  const sorted = fits.toSorted((a, b) => b.p50 - a.p50);
  const rows = sorted.map(
    ({ model, p50, p50Interval }): RangeRow => ({ name: model, value: p50, ...ends(p50Interval) }),
  );
  const shortest = fits.reduce((low, fit) => Math.min(low, fit.taskMinutes.shortest), Infinity);
  const longest = fits.reduce((high, fit) => Math.max(high, fit.taskMinutes.longest), 0);
  const steps = 60;
  // An interval may end far beyond any task: the other models would stand on one point.
  const within = { from: shortest / 20, to: longest * 20 };
  const curves = sorted.map((fit): Curve => {
    const points = Array.from({ length: steps + 1 }, (_, place) => {
      const x = shortest * (longest / shortest) ** (place / steps);
      return { x, y: chanceAt(fit, x) };
    });
    return { name: fit.model, figure: minutesWords(fit.p50), points };
  });
  const across = 'what a person needs';
  const [ranges, lines] = ['Time horizon', 'Horizon curve'];
  return [
    {
      key: 'horizons',
      title: ranges,
      says: `Human time of tasks that succeed half of the time, with its ${percent(level)} interval.`,
      at: (width) =>
        rangeChart({ title: ranges, rows, scale: 'time', words: minutesWords, within }, width),
    },
    {
      key: 'curves',
      title: lines,
      says: 'Fitted chance of success against the time that a person needs.',
      at: (width) =>
        curveChart(
          { title: lines, curves, form: 'smooth', across, scale: 'time', marks: [0.5, 0.8] },
          width,
        ),
    },
  ];
}

function budgetChart({ models }: BenchmarkReport): ReportChart | null {
  const curves = models.flatMap(({ model, budget: { figure } }): Curve[] => {
    if (figure === null) return [];
    const half = figure.medianSpent;
    const points = figure.steps.map(({ spent, solved }) => ({ x: spent, y: solved }));
    const reached = half === null ? 'under half' : `half at ${plain(half)}`;
    return [{ name: model, figure: reached, points }];
  });
  curves.sort((a, b) => (b.points.at(-1)?.y ?? 0) - (a.points.at(-1)?.y ?? 0));
  if (curves.length === 0) return null;
  const title = 'Score against budget';
  const across = 'tokens spent';
  return {
    key: 'budget',
    title,
    says: 'Share of tasks solved within so many tokens, first epoch of each task.',
    at: (width) => curveChart({ title, curves, form: 'steps', across, scale: 'amount' }, width),
  };
}

function itemsChart({ itemMap: { figure } }: BenchmarkReport): ReportChart | null {
  if (figure === null) return null;
  const { abilities, items } = figure.shared;
  const models = abilities
    .map(({ model, value, interval }) => ({ name: model, value, ...ends(interval) }))
    .map((row) => ({ ...row, low: row.low ?? row.value, high: row.high ?? row.value }))
    .toSorted((a, b) => b.value - a.value);
  const difficulties = items.map(({ difficulty }) => difficulty);
  return {
    key: 'items',
    title: 'Item map',
    says: 'Models by ability, tasks by difficulty: where they meet, success is even.',
    at: (width) => itemMapChart({ models, difficulties }, width),
  };
}

function ends(interval: { readonly low: number; readonly high: number } | null) {
  return { low: interval?.low ?? null, high: interval?.high ?? null };
}

/** Cut to what a score, or a difference of two, can be. */
function within({ low, high }: { readonly low: number; readonly high: number }, least: number) {
  return { low: Math.max(least, low), high: Math.min(1, high) };
}

function falling(rows: readonly RangeRow[]): readonly RangeRow[] {
  return rows.toSorted((a, b) => b.value - a.value);
}

function signedPercent(value: number): string {
  return `${value > 0 ? '+' : ''}${short(value * 100)} %`;
}
