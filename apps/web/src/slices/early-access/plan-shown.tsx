import type { Plan } from '@breakwater/contract';
import { Facts } from '../../ui/facts.tsx';
import { Time } from '../../ui/moment.tsx';
import { countWords } from '../../ui/size.ts';

/** What the Government means to do with a model, in its own words. */
export function PlanShown({ plan }: { readonly plan: Plan }) {
  const { by, statedAt, personsMax, returnWithinDays } = plan;
  const said = (text: string | null) =>
    text === null ? (
      <span className="faint">erased</span>
    ) : (
      <span className="whitespace-pre-wrap">{text}</span>
    );
  return (
    <div className="plan-shown">
      <h3 className="few-title">The plan</h3>
      <p className="small soft">
        Stated by {by.name}, <Time at={statedAt} />. It does not change; another may be stated.
      </p>
      <Facts
        items={[
          ['What for', said(plan.objectives)],
          ['Who', said(plan.who)],
          ['What comes out', said(plan.outputs)],
          ['Afterwards', said(plan.afterwards)],
          ['Inside at most', countWords(personsMax, 'person')],
          ['Returned within', countWords(returnWithinDays, 'day')],
        ]}
      />
    </div>
  );
}
