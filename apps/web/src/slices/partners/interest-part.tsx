import type { Application } from '@breakwater/contract';
import { partners } from '@breakwater/contract';
import { useState } from 'react';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Radios, TextArea } from '../../ui/field.tsx';
import { Time } from '../../ui/moment.tsx';
import { Quote } from '../../ui/quote.tsx';
import { Section } from '../../ui/section.tsx';
import { useSay } from '../../ui/toast.tsx';
import { ActForm } from '../session/act-form.tsx';
import { useAct } from '../session/server.ts';

interface PartProps {
  readonly application: Application;
}

/** Before the key: does whoever turns it have an interest in this applicant? */
export function InterestPart({ application }: PartProps) {
  const { interests, can, standing } = application;
  const [isAnew, setIsAnew] = useState(false);
  const mayState = can.includes('state-interest');
  const round = standing === 'appealed' ? 2 : 1;
  const isStated = interests.some((each) => each.own && each.round === round);
  if (interests.length === 0 && !mayState) return null;
  return (
    <Section
      id="interest"
      title="Interest"
      lede="Said by each person before the key, and kept. Whoever has an interest leaves the key to somebody else of the same side."
    >
      <ul className="partner-interests">
        {interests.map(({ at, own, conflicted, words, round: stated }) => (
          <li key={`${stated} ${at}`} className="small">
            <Badge tone={conflicted ? 'warn' : 'plain'}>
              {conflicted ? 'An interest' : 'No interest'}
            </Badge>{' '}
            stated by {own ? 'you' : 'another of your side'}
            {stated === 2 ? ' on appeal' : ''}, <Time at={at} />{' '}
            {words === null ? null : <Quote text={words} />}
          </li>
        ))}
      </ul>
      {mayState && isStated && !isAnew ? (
        <Button kind="quiet" onPress={() => setIsAnew(true)}>
          State it anew
        </Button>
      ) : null}
      {mayState && (!isStated || isAnew) ? (
        <InterestForm application={application} onDone={() => setIsAnew(false)} />
      ) : null}
    </Section>
  );
}

function InterestForm({ application, onDone }: PartProps & { readonly onDone: () => void }) {
  const say = useSay();
  const { act, busy, problem } = useAct(partners.stateInterest);
  const [has, setHas] = useState('');
  const [words, setWords] = useState('');
  const text = words.trim();
  const lacks =
    has === ''
      ? 'Choose one first.'
      : text !== '' && text.length < 3
        ? 'Say it in three letters at least, or leave it out.'
        : null;
  return (
    <ActForm
      label="State it"
      busy={busy}
      problem={problem}
      reason={lacks}
      onSubmit={() =>
        act(
          {
            params: { application: application.id },
            body: { conflicted: has === 'yes', ...(text === '' ? {} : { words: text }) },
          },
          () => {
            say('Stated.');
            onDone();
          },
        )
      }
    >
      <Radios
        legend="Have you an interest in this applicant?"
        hint="Money, work, family or friendship with it, or with who competes with it; now or in the last two years."
        value={has}
        onChange={setHas}
        choices={[
          ['no', 'No'],
          ['yes', 'Yes', 'You cannot turn the key then.'],
        ]}
      />
      {has === 'yes' ? (
        <TextArea
          label="Which (you may leave it empty)"
          value={words}
          onChange={setWords}
          rows={2}
          maxLength={4_000}
        />
      ) : null}
    </ActForm>
  );
}
