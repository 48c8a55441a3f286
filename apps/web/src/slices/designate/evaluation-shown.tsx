import { epochsWords, percent } from '@breakwater/benchmark/report';
import type { EvaluationFigures, Measure } from '@breakwater/contract';
import { AgainstThreshold } from '../../ui/against-threshold.tsx';
import { Facts } from '../../ui/facts.tsx';
import { Empty } from '../../ui/note.tsx';
import { countWords } from '../../ui/size.ts';
import { sourceWords } from '../evaluate/figure-words.ts';
import { BudgetShown } from './budget-shown.tsx';
import { endsOf, figureWords, unitOf } from './figure-words.ts';
import { evaluatedWords, measureWords } from './words.ts';

type Against = EvaluationFigures['all'];
type Estimate = NonNullable<Against['estimate']['figure']>;

interface EvaluationShownProps {
  readonly figures: EvaluationFigures;
  readonly measure: Measure;
}

/** All that an evaluation found: the interval against the threshold, and what surrounds it. */
export function EvaluationShown({ figures, measure }: EvaluationShownProps) {
  const { all, withoutInvalid, counts, threshold, budget } = figures;
  const ruled = counts === 'all' ? all : withoutInvalid;
  const other = counts === 'all' ? withoutInvalid : all;
  return (
    <>
      <AgainstShown against={ruled} threshold={threshold} measure={measure} />
      <details className="fold">
        <summary>
          {counts === 'all'
            ? 'The same without what reviewers found invalid'
            : 'The same with what reviewers found invalid'}
        </summary>
        <AgainstShown against={other} threshold={threshold} measure={measure} />
      </details>
      <h3 className="few-title mt-5">Score against budget</h3>
      {budget.figure === null ? (
        <Empty>{budget.none ?? 'There is none.'}</Empty>
      ) : (
        <BudgetShown curve={budget.figure} mark={unitOf(measure) === 'share' ? threshold : null} />
      )}
      <h3 className="few-title mt-5">What surrounds it</h3>
      <SurroundingFacts figures={figures} />
    </>
  );
}

interface AgainstShownProps {
  readonly against: Against;
  readonly threshold: number;
  readonly measure: Measure;
}

function AgainstShown({ against, threshold, measure }: AgainstShownProps) {
  const { estimate, outcome, samples } = against;
  if (estimate.figure === null || outcome === null) {
    return <Empty>{estimate.none ?? 'There is no estimate.'}</Empty>;
  }
  return (
    <>
      <p className="against-outcome">{evaluatedWords[outcome][1]}</p>
      <p className="small soft">{measureWords[measure]}</p>
      <EstimateShown
        estimate={estimate.figure}
        threshold={threshold}
        title={measureWords[measure]}
      />
      <p className="small soft mt-3">
        {countWords(samples, 'sample')} of {countWords(estimate.figure.n, 'task')}.
      </p>
    </>
  );
}

interface EstimateShownProps {
  readonly estimate: Estimate;
  /** null: the reader was not told it; the interval stands alone. */
  readonly threshold: number | null;
  /** What is measured. */
  readonly title: string;
}

/** An estimate by its interval, with n, epochs and how it was made; never the point alone. */
export function EstimateShown({ estimate, threshold, title }: EstimateShownProps) {
  const { value, interval, n, epochs, unscored, method, extrapolated, unit } = estimate;
  const { low, high, level } = interval;
  const words = (each: number) => figureWords(each, unit);
  const drawn = [low, high, value, ...(threshold === null ? [] : [threshold])];
  return (
    <>
      <AgainstThreshold
        title={title}
        low={low}
        high={high}
        estimate={value}
        threshold={threshold}
        {...endsOf(drawn, unit)}
        words={words}
        scale={unit === 'minutes' ? 'log' : 'linear'}
        level={percent(level)}
      />
      <Facts
        items={[
          ['Interval', `${words(low)} to ${words(high)} (${percent(level)}), ${method}`],
          ['Estimate', `${words(value)}, within that interval`],
          ['Tasks', n],
          [
            'Repetitions',
            `${epochsWords(epochs)}${unscored === 0 ? '' : `, ${unscored} without a score left out`}`,
          ],
          ...(extrapolated
            ? [['Beyond', 'the shortest or longest task: an extrapolation'] as const]
            : []),
        ]}
      />
    </>
  );
}

function SurroundingFacts({ figures }: { readonly figures: EvaluationFigures }) {
  const { contamination, reviews, humanTime, runsLeftOut, power } = figures;
  return (
    <Facts
      items={[
        ['Contamination', contaminationWords(contamination)],
        ['Reviews', reviewsWords(reviews)],
        [
          'Human time',
          Object.entries(humanTime)
            .map(([source, count]) => `${sourceOf(source)}: ${countWords(count, 'task')}`)
            .join('; ') || 'unknown',
        ],
        [
          'Runs left out',
          runsLeftOut === 0
            ? 'none known since the rule'
            : `${countWords(runsLeftOut, 'run')} of the same suite and model, not attached`,
        ],
        ['How sure', powerWords(power)],
      ]}
    />
  );
}

/** Where human times are known from, as the log names it or in words. */
function sourceOf(name: string): string {
  const known: Readonly<Record<string, string>> = sourceWords;
  return known[name] ?? name;
}

/** Samples by what is known of contamination, the worst first. */
export function contaminationWords({ samples }: EvaluationFigures['contamination']): string {
  const order = ['confirmed', 'suspected', 'unknown', 'none-known'] as const;
  return order
    .filter((each) => (samples[each] ?? 0) > 0)
    .map((each) => `${each.replace('-', ' ')} in ${countWords(samples[each] ?? 0, 'sample')}`)
    .join(', ');
}

/** What reviewers said of the samples. */
export function reviewsWords({ open, disputed, valid, invalid }: EvaluationFigures['reviews']) {
  return `${valid} valid, ${invalid} invalid, ${disputed} disputed, ${open} not decided`;
}

/** How wide the interval is, and what more tasks or repetitions would make of it. */
export function powerWords({ figure, none }: EvaluationFigures['power']): string {
  if (figure === null) return none ?? 'not known';
  const [now, ...more] = figure.plans;
  if (now === undefined) return 'not known';
  const of = ({ tasks, epochs, half }: typeof now) =>
    `± ${percent(half)} with ${countWords(tasks, 'task')}, each ${epochs} times`;
  return [now, ...more].map(of).join('; ');
}
