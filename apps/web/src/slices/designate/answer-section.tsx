import type { Assessment, Engagement } from '@breakwater/contract';
import { designate } from '@breakwater/contract';
import { pathTo } from '../../app/paths.ts';
import { Facts } from '../../ui/facts.tsx';
import { Time } from '../../ui/moment.tsx';
import { Empty } from '../../ui/note.tsx';
import { Section } from '../../ui/section.tsx';
import { Show } from '../session/problem-note.tsx';
import { useLoad } from '../session/server.ts';
import { partsWords } from './assessments.tsx';
import { BudgetShown } from './budget-shown.tsx';
import { DeterminationShown } from './determination-shown.tsx';
import {
  contaminationWords,
  EstimateShown,
  powerWords,
  reviewsWords,
} from './evaluation-shown.tsx';
import { evaluatedWords } from './words.ts';

interface AnswerSectionProps {
  readonly engagement: Engagement;
  /** The reader works on files: the way to this engagement's is shown. */
  readonly hasFiles: boolean;
}

/** Whether the model is covered, as far as it was determined, and what was told of evaluations. */
export function AnswerSection({ engagement, hasFiles }: AnswerSectionProps) {
  const { id, side } = engagement;
  const determinations = useLoad(designate.determinations, { query: { engagement: id } });
  return (
    <Section
      id="answer"
      title="Is it covered?"
      lede="One official determines it, after three consultations. Neither answer changes anything about a release."
    >
      <Show what="the determination" {...determinations}>
        {({ items: [newest, ...former] }) =>
          newest === undefined ? (
            <Empty>No determination was entered.</Empty>
          ) : (
            <>
              <DeterminationShown determination={newest} />
              {former.length === 0 ? null : (
                <details className="fold">
                  <summary>Former determinations</summary>
                  {former.map((each) => (
                    <DeterminationShown key={each.id} determination={each} />
                  ))}
                </details>
              )}
            </>
          )
        }
      </Show>
      {side === null ? null : <Told engagement={id} />}
      {hasFiles ? <FilesOn engagement={id} /> : null}
    </Section>
  );
}

interface OnEngagementProps {
  readonly engagement: Engagement['id'];
}

function FilesOn({ engagement }: OnEngagementProps) {
  const { loaded } = useLoad(designate.files, { query: { engagement } });
  const files = loaded.state === 'ready' ? loaded.data.items : [];
  return (
    <ul className="small mt-3">
      {files.map(({ id, openedAt }) => (
        <li key={id}>
          <a href={pathTo('file', { file: id })}>The file for the official</a>, opened{' '}
          <Time at={openedAt} />
        </li>
      ))}
    </ul>
  );
}

function Told({ engagement }: OnEngagementProps) {
  const read = useLoad(designate.assessments, { params: { engagement } });
  return (
    <Show what="what was told" {...read}>
      {({ items }) => items.map((each) => <AssessmentShown key={each.id} assessment={each} />)}
    </Show>
  );
}

function AssessmentShown({ assessment }: { readonly assessment: Assessment }) {
  const { at, parts, figures } = assessment;
  return (
    <section className="plan-shown" aria-label="An assessment">
      <p className="small soft">
        Told <Time at={at} />: {partsWords(parts)}.
      </p>
      {figures === null ? <Empty>Erased.</Empty> : <PartsShown figures={figures} />}
    </section>
  );
}

function PartsShown({ figures }: { readonly figures: NonNullable<Assessment['figures']> }) {
  const { outcome, estimate, budget, power, contamination, reviews } = figures;
  return (
    <>
      {outcome === null ? null : <p>{evaluatedWords[outcome][1]}</p>}
      {estimate === null ? null : estimate.figure === null ? (
        <Empty>{estimate.none ?? 'There is no estimate.'}</Empty>
      ) : (
        <EstimateShown estimate={estimate.figure} threshold={null} title="What was measured" />
      )}
      {budget?.figure ? <BudgetShown curve={budget.figure} mark={null} /> : null}
      <Facts
        items={[
          ...(power === null ? [] : [['How sure', powerWords(power)] as const]),
          ...(contamination === null
            ? []
            : [['Contamination', contaminationWords(contamination)] as const]),
          ...(reviews === null ? [] : [['Reviews', reviewsWords(reviews)] as const]),
        ]}
      />
    </>
  );
}
