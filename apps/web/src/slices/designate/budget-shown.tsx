import { curveChart, percent, plain } from '@breakwater/benchmark/report';
import type { EvaluationFigures } from '@breakwater/contract';
import { Facts } from '../../ui/facts.tsx';
import { DrawnChart } from '../benchmark/drawn.tsx';

type BudgetCurve = NonNullable<EvaluationFigures['budget']['figure']>;

interface BudgetShownProps {
  readonly curve: BudgetCurve;
  /** A share at which a line is drawn across; null: none. */
  readonly mark: number | null;
}

/** The share solved within each budget with its interval, and who was stopped by it. */
export function BudgetShown({ curve, mark }: BudgetShownProps) {
  const { steps, medianSpent, n, solved, censored, ended, endsUntold } = curve;
  const last = steps.at(-1);
  const drawn = steps.filter(({ spent }) => spent > 0);
  const points = (pick: (step: BudgetCurve['steps'][number]) => number) =>
    drawn.map((step) => ({ x: step.spent, y: pick(step) }));
  const level = last === undefined ? '' : percent(last.interval.level);
  return (
    <>
      {drawn.length < 2 || last === undefined ? null : (
        <div className="budget-curve">
          <DrawnChart
            at={(width) =>
              curveChart(
                {
                  title: 'Share solved within a budget',
                  form: 'steps',
                  across: 'tokens spent',
                  scale: 'amount',
                  marks: mark === null ? [] : [mark],
                  curves: [
                    {
                      name: 'Solved',
                      figure: percent(last.solved),
                      points: points((step) => step.solved),
                    },
                    {
                      name: `${level} from`,
                      figure: percent(last.interval.low),
                      points: points(({ interval }) => interval.low),
                    },
                    {
                      name: `${level} to`,
                      figure: percent(last.interval.high),
                      points: points(({ interval }) => interval.high),
                    },
                  ],
                },
                width,
              )
            }
          />
        </div>
      )}
      <Facts
        items={[
          ['Solved', `${solved} of ${n} tasks`],
          [
            'Stopped',
            `${censored} by the budget: with more of it, they might have gone on to solve the task`,
          ],
          [
            'Ended',
            `${ended} by themselves${endsUntold === 0 ? '' : `, ${endsUntold} of them untold`}`,
          ],
          [
            'Half spent',
            medianSpent === null ? 'not known' : `${plain(medianSpent)} tokens or less`,
          ],
        ]}
      />
    </>
  );
}
