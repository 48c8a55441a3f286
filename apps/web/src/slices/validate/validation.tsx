import type { Validation } from '@breakwater/contract';
import { validate } from '@breakwater/contract';
import type { Tone } from '../../ui/badge.tsx';
import { Badge } from '../../ui/badge.tsx';
import { Digest } from '../../ui/digest.tsx';
import { Facts } from '../../ui/facts.tsx';
import { Interval } from '../../ui/marks.tsx';
import { Moment } from '../../ui/moment.tsx';
import { Empty } from '../../ui/note.tsx';
import { Section } from '../../ui/section.tsx';
import { Download } from '../session/download.tsx';
import { AttemptMarks, AttemptTable } from './attempt-table.tsx';
import { networkWords } from './attempts.ts';

const verdictWords = {
  reproduced: ['Reproduced', 'held'],
  'not-reproduced': ['Not reproduced', 'plain'],
  flaky: ['Flaky', 'warn'],
  inconclusive: ['Inconclusive', 'warn'],
  errored: ['Errored', 'fired'],
} as const satisfies Record<NonNullable<Validation['verdict']>, readonly [string, Tone]>;

/** Whether the proof of concept works, and how that is known. */
export function Validations({ items }: { readonly items: readonly Validation[] }) {
  const [newest, ...earlier] = items;
  return (
    <Section
      id="validation"
      title="Validation"
      lede="The proof of concept ran in a sealed sandbox: several times on the vulnerable build, and on a control build and with a benign input, where it must stay quiet."
    >
      {newest === undefined ? (
        <Empty>
          Nothing has been run yet: no finding here brought a proof and a recipe to run it.
        </Empty>
      ) : (
        <ValidationItem validation={newest} />
      )}
      {earlier.length === 0 ? null : (
        <details className="fold">
          <summary>Earlier validations ({earlier.length})</summary>
          {earlier.map((validation) => (
            <ValidationItem key={validation.id} validation={validation} />
          ))}
        </details>
      )}
    </Section>
  );
}

function ValidationItem({ validation }: { readonly validation: Validation }) {
  const { verdict, reproduced, attempts } = validation;
  if (verdict === null) {
    return (
      <p className="soft" role="status">
        Queued since <Moment at={validation.requestedAt} />; this page renews itself when it has
        run.
      </p>
    );
  }
  const [words, tone] = verdictWords[verdict];
  return (
    <div className="validation" id={validation.id}>
      <div className="validation-top">
        <div>
          <Badge tone={tone}>{words}</Badge>
          {reproduced === null ? null : (
            <>
              <p className="figure num">
                {reproduced.k} of {reproduced.n}
              </p>
              <Interval
                low={reproduced.low}
                high={reproduced.high}
                point={reproduced.k / reproduced.n}
              />
              <p className="small soft num">
                95 % interval {percent(reproduced.low)} to {percent(reproduced.high)}
              </p>
            </>
          )}
        </div>
        <AttemptMarks attempts={attempts} />
      </div>
      {validation.reasons.length === 0 ? null : (
        <ul className="reasons">
          {validation.reasons.map((reason) => (
            <li key={reason}>{reason}</li>
          ))}
        </ul>
      )}
      <Setting validation={validation} />
      {attempts.length === 0 ? null : <AttemptTable attempts={attempts} />}
    </div>
  );
}

function Setting({ validation }: { readonly validation: Validation }) {
  const { attestation } = validation;
  return (
    <Facts
      items={[
        ['Sandbox', validation.tier === null ? 'not recorded' : `tier ${validation.tier}`],
        ['Network', networkWords(validation.attempts) ?? 'nothing ran'],
        [
          'Recipe',
          <span key="recipe">
            <span className="mono">{validation.recipe}</span>{' '}
            <Digest value={validation.recipeDigest} />
          </span>,
        ],
        [
          'Finished',
          validation.finishedAt === null ? (
            'not yet'
          ) : (
            <Moment key="at" at={validation.finishedAt} />
          ),
        ],
        [
          'Attestation',
          attestation === null ? (
            'none'
          ) : (
            <Download
              key="attestation"
              operation={validate.attestation}
              input={{ params: { attestation } }}
              fileName={`${attestation}.dsse.json`}
            >
              Download, checkable offline
            </Download>
          ),
        ],
      ]}
    />
  );
}

function percent(fraction: number): string {
  return `${Math.round(fraction * 100)} %`;
}
