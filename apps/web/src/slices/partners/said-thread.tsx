import type { Application } from '@breakwater/contract';
import { partners } from '@breakwater/contract';
import { useState } from 'react';
import { TextArea } from '../../ui/field.tsx';
import { Time } from '../../ui/moment.tsx';
import { QuoteBlock } from '../../ui/quote.tsx';
import { Section } from '../../ui/section.tsx';
import { useSay } from '../../ui/toast.tsx';
import { ActForm } from '../session/act-form.tsx';
import { useAct } from '../session/server.ts';
import { type OwnProps, speaking } from './own-application.ts';
import { sideNames } from './words.ts';

const kinds: Readonly<Record<Application['said'][number]['kind'], string>> = {
  question: 'asked',
  addition: 'added',
  appeal: 'appealed',
};

/** What was asked and added since; the place to answer. Nothing where nothing can be said. */
export function SaidThread({ application, token }: OwnProps) {
  const { said, can } = application;
  const [mayAdd, mayAsk] = [can.includes('add'), can.includes('ask')];
  if (said.length === 0 && !mayAdd && !mayAsk) return null;
  return (
    <Section
      id="said"
      title="Questions and additions"
      lede="Both sides and the applicant read all of it. The promised day stays, whatever is asked."
    >
      {said.length === 0 ? null : (
        <ol className="partner-said">
          {said.map(({ by, kind, at, text }) => (
            <li key={`${at} ${by} ${kind}`}>
              <p className="small">
                <strong>{sideNames[by]}</strong> {kinds[kind]}, <Time at={at} />
              </p>
              {text === null ? (
                <p className="small soft">The text was erased.</p>
              ) : (
                <QuoteBlock text={text} />
              )}
            </li>
          ))}
        </ol>
      )}
      {mayAdd ? <AddForm application={application} token={token} /> : null}
      {mayAsk ? <AskForm application={application} /> : null}
    </Section>
  );
}

function AddForm({ application, token }: OwnProps) {
  const say = useSay();
  const { act, busy, problem } = useAct(partners.add);
  const [text, setText] = useState('');
  return (
    <ActForm
      label="Add it"
      busy={busy}
      problem={problem}
      reason={text.trim() === '' ? 'Write something first.' : null}
      onSubmit={() =>
        act(
          {
            params: { application: application.id },
            body: { text: text.trim(), ...speaking(token) },
          },
          () => {
            setText('');
            say('Added.');
          },
        )
      }
    >
      <TextArea
        label={application.asked ? 'Your answer' : 'Something to add'}
        hint={application.asked ? undefined : 'What you forgot, or what has changed.'}
        value={text}
        onChange={setText}
        rows={4}
        maxLength={8_000}
      />
    </ActForm>
  );
}

function AskForm({ application }: { readonly application: Application }) {
  const say = useSay();
  const { act, busy, problem } = useAct(partners.ask);
  const [text, setText] = useState('');
  return (
    <ActForm
      label="Ask"
      busy={busy}
      problem={problem}
      reason={text.trim() === '' ? 'Write a question first.' : null}
      onSubmit={() =>
        act({ params: { application: application.id }, body: { text: text.trim() } }, () => {
          setText('');
          say('Asked.');
        })
      }
    >
      <TextArea
        label="A question to the applicant"
        hint="In plain words, one thing. They answer on a phone."
        value={text}
        onChange={setText}
        rows={3}
        maxLength={8_000}
      />
    </ActForm>
  );
}
