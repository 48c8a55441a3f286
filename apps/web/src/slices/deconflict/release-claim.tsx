import type { Claim } from '@breakwater/contract';
import { claims } from '@breakwater/contract';
import { useState } from 'react';
import { Radios } from '../../ui/field.tsx';
import { useSay } from '../../ui/toast.tsx';
import { ActForm } from '../session/act-form.tsx';
import { useAct } from '../session/server.ts';
import { linesOf, weaknessesOf } from './claim-draft.ts';
import { MethodsField } from './claim-fields.tsx';
import { ScopeShown } from './scope-shown.tsx';
import { targetsOf } from './scope-words.ts';
import { sentOf } from './target-field.tsx';
import { TargetsField, targetsWrong } from './targets-field.tsx';
import { WeaknessField, weaknessesWrong } from './weakness-field.tsx';
import { type Outcome, outcomeWords } from './words.ts';

interface ReleaseProps {
  readonly claim: Claim;
  readonly onDone: () => void;
}

const outcomes: readonly Outcome[] = ['nothing-found', 'findings', 'unfinished'];

/** Gives a claim back, with what it covered: all of it, a part, or nothing. */
export function Release({ claim, onDone }: ReleaseProps) {
  const say = useSay();
  const { act, busy, problem } = useAct(claims.release);
  const [what, setWhat] = useState<'all' | 'part' | 'none'>('all');
  const [outcome, setOutcome] = useState<Outcome>('nothing-found');
  const [part, setPart] = useState(() => partOf(claim));
  const reason =
    what === 'part'
      ? (targetsWrong(part.targets, true) ??
        weaknessesWrong(part.weaknesses) ??
        (part.methods.length === 0 ? 'Choose a method first.' : null))
      : null;
  function send(): void {
    const scope =
      what === 'part'
        ? {
            ...claim.scope,
            ...placesWithin(claim, part.targets),
            methods: [...part.methods],
            weaknesses: [...weaknessesOf(part.weaknesses)],
          }
        : claim.scope;
    const covered = what === 'none' ? [] : [{ scope, outcome }];
    act({ params: { claim: claim.id }, body: { covered } }, () => {
      say(what === 'none' ? 'Given back.' : 'Given back. What you covered is on the map.');
      onDone();
    });
  }
  return (
    <ActForm
      label="Give back"
      busy={busy}
      problem={problem}
      reason={reason}
      now={<ScopeShown scope={claim.scope} />}
      onSubmit={send}
    >
      <Radios
        legend="What did you look at?"
        value={what}
        onChange={(value) => setWhat(value === 'part' ? 'part' : value === 'none' ? 'none' : 'all')}
        choices={[
          ['all', 'All of it'],
          ['part', 'A part of it'],
          ['none', 'Nothing', 'It is free again, and nothing is noted.'],
        ]}
      />
      {what === 'part' ? (
        <>
          <TargetsField
            label="Where"
            hint="Within the claim, one a line. Add a path to name a part."
            value={part.targets}
            onChange={(targets) => setPart({ ...part, targets })}
            versions
          />
          <MethodsField
            legend="How"
            value={part.methods}
            onChange={(methods) => setPart({ ...part, methods: [...methods] })}
          />
          <WeaknessField
            label="Classes of weakness"
            hint="Within the claim. Empty: every class of it."
            value={part.weaknesses}
            onChange={(weaknesses) => setPart({ ...part, weaknesses })}
          />
        </>
      ) : null}
      {what === 'none' ? null : (
        <Radios
          legend="What came of it?"
          value={outcome}
          onChange={(value) => setOutcome(outcomes.find((known) => known === value) ?? outcome)}
          choices={outcomes.map((each) => [each, outcomeWords[each]])}
        />
      )}
    </ActForm>
  );
}

function partOf({ scope }: Claim) {
  return {
    targets: targetsOf(scope).join('\n'),
    methods: scope.methods,
    weaknesses: scope.weaknesses.join(', '),
  };
}

/** The places that are left as they stood keep their versions; the others are told as written. */
function placesWithin({ scope }: Claim, text: string) {
  const lines = linesOf(text);
  return {
    places: scope.places.filter(({ target }) => lines.includes(target)),
    targets: lines
      .filter((line) => !scope.places.some(({ target }) => target === line))
      .map(sentOf),
  };
}
