import { minutesWords, percent, plain, short } from './charts/scale.ts';
import { type Misfit, misfitKind, misfits } from './map-fit.ts';
import type { ModelFigures } from './model-figures.ts';
import type { BenchmarkReport } from './report.ts';
import {
  budgetWords,
  contaminationWords,
  epochsWords,
  humanTimeWords,
  shareWords,
  toldWords,
} from './report-words.ts';
import type { Told } from './told.ts';

/** One part of a report in words: labels with what is told of them. */
export interface ReportSection {
  readonly title: string;
  readonly lines: readonly (readonly [label: string, words: string])[];
}

/** A report in words, part by part: the same at the terminal and on a page. */
export function reportSections(report: BenchmarkReport): readonly ReportSection[] {
  return [
    wholeSection(report),
    ...report.models.map(modelSection),
    ...pairSections(report),
    itemSection(report),
    ...fitSections(report),
    horizonSection(report),
  ];
}

function wholeSection({ runs, models, level, circumstances }: BenchmarkReport): ReportSection {
  return {
    title: 'What this stands on',
    lines: [
      ['runs', `${runs} of ${models.length} ${models.length === 1 ? 'model' : 'models'}`],
      ['intervals', percent(level)],
      ['human time', humanTimeWords(circumstances)],
      ['budget', budgetWords(circumstances)],
      ['contamination', contaminationWords(circumstances)],
    ],
  };
}

function modelSection(model: ModelFigures): ReportSection {
  const { accuracy, clustered, budget, power, circumstances } = model;
  const epochs = accuracy.figure === null ? '' : `, epochs ${epochsWords(accuracy.figure.epochs)}`;
  const unscored = model.unscored === 0 ? '' : `, ${model.unscored} not scored`;
  return {
    title: model.model,
    lines: [
      ['runs', `${model.runs} at ${model.tasks} tasks${epochs}${unscored}`],
      ['accuracy', toldWords(accuracy, (figure) => `${shareWords(figure)}, n ${figure.n}`)],
      ...(clustered === null
        ? []
        : [
            [
              'by family',
              toldWords(
                clustered,
                (figure) =>
                  `${shareWords(figure)}, ${figure.clusters} families of ${figure.n} tasks`,
              ),
            ] as const,
          ]),
      ...model.pass.flatMap(({ k, any, all }) => [
        [`pass@${k}`, toldWords(any, (figure) => `${shareWords(figure)}, n ${figure.n}`)] as const,
        [`pass^${k}`, toldWords(all, (figure) => `${shareWords(figure)}, n ${figure.n}`)] as const,
      ]),
      [
        'tokens',
        toldWords(budget, ({ medianSpent, solved, n, censored, endsUntold }) =>
          [
            `${solved} of ${n} tasks solved`,
            medianSpent === null ? 'under half' : `half within ${plain(medianSpent)} tokens`,
            ...(censored > 0 ? [`${censored} stopped by a limit`] : []),
            ...(endsUntold > 0 ? [`${endsUntold} failures whose end is not told`] : []),
          ].join(', '),
        ),
      ],
      [
        'power',
        toldWords(power, ({ plans, intraTask, level }) => {
          const each = plans.map(
            ({ tasks, epochs: times, half }) =>
              `${tasks} tasks × ${times} ${times === 1 ? 'epoch' : 'epochs'} gives ± ${percent(half)}`,
          );
          const known =
            intraTask === null
              ? 'more epochs: not known, each was tried once'
              : `epochs agree to ${short(intraTask)}`;
          return `${each.join('; ')} (${percent(level)}; ${known})`;
        }),
      ],
      ['human time', humanTimeWords(circumstances)],
      ['budget', budgetWords(circumstances)],
      ['contamination', contaminationWords(circumstances)],
    ],
  };
}

function pairSections({ pairs, pairsLeftOut }: BenchmarkReport): readonly ReportSection[] {
  if (pairs.length === 0) return [];
  const lines = pairs.map(({ first, second, difference }) => {
    const words = toldWords(difference, (figure) => {
      const { clusters, n, epochs, unpaired } = figure;
      const families = clusters === n ? '' : `, ${clusters} families`;
      const alone = unpaired === 0 ? '' : `, ${unpaired} tried by one alone`;
      return `${shareWords(figure, -1)}, n ${n}${families}, epochs ${epochsWords(epochs)}${alone}`;
    });
    return [`${first} less ${second}`, words] as const;
  });
  const more = pairsLeftOut === 0 ? [] : [['more', `${pairsLeftOut} pairs left out`] as const];
  return [{ title: 'Side by side', lines: [...lines, ...more] }];
}

function itemSection({ itemMap }: BenchmarkReport): ReportSection {
  const title = 'Item map';
  const { figure } = itemMap;
  if (figure === null) return { title, lines: [['abilities', `none: ${itemMap.none}`]] };
  const { shared, own, pointsPerUnit } = figure;
  const ranked = shared.abilities.toSorted((a, b) => b.value - a.value);
  const aside = { all: 0, none: 0 };
  for (const { reason } of shared.setAside) aside[reason] += 1;
  return {
    title,
    lines: [
      [
        'model',
        `one slope (1PL), ${shared.items.length} tasks, ${shared.n} models, epochs ${epochsWords(shared.epochs)}; one unit is ${short(pointsPerUnit)} points of CAISI's scale`,
      ],
      ['left out', `solved by all ${aside.all}, by none ${aside.none}`],
      ...ranked.map(({ model, value, interval, n }) => {
        const { low, high } = interval;
        return [model, `${short(value)} (${short(low)} to ${short(high)}), n ${n}`] as const;
      }),
      [
        'own slopes (2PL)',
        toldWords(own, ({ abilities }) =>
          abilities
            .toSorted((a, b) => b.value - a.value)
            .map(({ model, value, interval: { low, high } }) => {
              return `${model} ${short(value)} (${short(low)} to ${short(high)})`;
            })
            .join(', '),
        ),
      ],
    ],
  };
}

/** Lines of the farthest; the document has all. */
const misfitsMax = 20;

function fitSections({ itemMap: { figure } }: BenchmarkReport): readonly ReportSection[] {
  if (figure === null) return [];
  const { tasks, models } = figure.fit;
  return [
    fitSection('Tasks beside the map', tasks, {
      erratic:
        'strong models failed it, or weak ones solved it, more than chance explains: look for a leaked answer, a second way to the score, a world that breaks',
      even: 'solved by ability alone, hardly any chance in it: more epochs of it tell little',
    }),
    fitSection('Models beside the map', models, {
      erratic:
        'it solved hard tasks and failed easy ones: look for tasks it knew, refusals, faults of the environment',
      even: 'its successes end sharply at one difficulty: look whether its epochs are copies',
    }),
  ];
}

function fitSection(
  title: string,
  fit: Told<readonly Misfit[]>,
  say: Readonly<Record<'erratic' | 'even', string>>,
): ReportSection {
  if (fit.figure === null) return { title, lines: [['fit', `none: ${fit.none}`]] };
  const odd = misfits(fit.figure);
  const kinds = new Set(odd.map(misfitKind));
  const means = (['erratic', 'even'] as const).filter((kind) => kinds.has(kind));
  const more = odd.length - misfitsMax;
  return {
    title,
    lines: [
      [
        'fit',
        `${odd.length} of ${fit.figure.length} stand out, as one in fifty does by chance; infit and outfit are 1 where answers scatter as the map says`,
      ],
      ...means.map((kind) => [kind, say[kind]] as const),
      ...odd.slice(0, misfitsMax).map((each) => {
        const { of, n, infit, outfit } = each;
        const figures = `infit ${short(infit)}, outfit ${short(outfit)}, n ${n}`;
        return [of, `${misfitKind(each)}: ${figures}`] as const;
      }),
      ...(more > 0 ? [['more', `${more} others`] as const] : []),
    ],
  };
}

function horizonSection({ horizons, bootstrap }: BenchmarkReport): ReportSection {
  const title = 'Time horizon';
  const { figure } = horizons;
  if (figure === null) return { title, lines: [['horizons', `none: ${horizons.none}`]] };
  const interval =
    bootstrap === null
      ? 'no interval'
      : `hierarchical bootstrap, ${bootstrap.replicates} replicates, seed ${bootstrap.seed}`;
  return {
    title,
    lines: [
      ['fit', `weighted logistic, λ ${figure.penalty}, weights by ${figure.weights}; ${interval}`],
      ...figure.fits
        .toSorted((a, b) => b.p50 - a.p50)
        .map(({ model, p50, p50Interval, p80, n, runs, extrapolated }) => {
          const ends =
            p50Interval === null
              ? ''
              : ` (${minutesWords(p50Interval.low)} to ${minutesWords(p50Interval.high)})`;
          const beyond = extrapolated ? ', beyond its tasks' : '';
          const half = `p50 ${minutesWords(p50)}${ends}`;
          return [
            model,
            `${half}, p80 ${minutesWords(p80)}, n ${n}, runs ${runs}${beyond}`,
          ] as const;
        }),
      ...figure.without.map(({ model, reason }) => [model, `none: ${reason}`] as const),
    ],
  };
}
