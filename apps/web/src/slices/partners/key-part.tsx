import type { Application } from '@breakwater/contract';
import { partners } from '@breakwater/contract';
import { useState } from 'react';
import { TextArea } from '../../ui/field.tsx';
import { Section } from '../../ui/section.tsx';
import { useSay } from '../../ui/toast.tsx';
import { ActForm } from '../session/act-form.tsx';
import { Show } from '../session/problem-note.tsx';
import { useAct, useLoad } from '../session/server.ts';
import { Judging } from './judging.tsx';
import { judged, type KeyDraft, keyLacks, reasonsOf, verdictOf } from './key-draft.ts';

interface PartProps {
  readonly application: Application;
}

/** The key of one's own side. */
export function KeyPart({ application }: PartProps) {
  const { can, as, keys, standing } = application;
  const round = standing === 'appealed' ? 2 : 1;
  const isTurned = keys.some((key) => key.side === as && key.round === round);
  const isOpen = standing === 'waiting' || standing === 'appealed';
  if (!isOpen) return null;
  return (
    <Section
      id="key"
      title="Your side’s key"
      lede="By the criteria that stood when they applied. All met is to accept; one not met is to decline. It is turned once."
    >
      {can.includes('turn-key') ? (
        <KeyForm application={application} />
      ) : (
        <p className="small soft">
          {isTurned
            ? 'It is turned. The answer goes out when the other side has turned its own.'
            : 'You cannot turn it now: state first that you have no interest. Whoever has one, nominated them or decided before leaves it to somebody else of the same side.'}
        </p>
      )}
    </Section>
  );
}

function KeyForm({ application }: PartProps) {
  const read = useLoad(partners.criteria, { query: { version: application.criteriaVersion } });
  const say = useSay();
  const { act, busy, problem } = useAct(partners.decide);
  const [draft, setDraft] = useState<KeyDraft>({});
  const [reason, setReason] = useState('');
  const said = new Map(
    (application.words?.meets ?? []).map(({ criterion, how }) => [criterion, how]),
  );
  return (
    <Show what="the criteria" {...read}>
      {({ criteria }) => {
        const own = judged(criteria, application.asks);
        const verdict = verdictOf(own, draft);
        return (
          <ActForm
            label={verdict === 'accept' ? 'Accept' : verdict === 'decline' ? 'Decline' : 'Turn it'}
            danger={verdict === 'decline'}
            busy={busy}
            problem={problem}
            reason={keyLacks(own, draft, reason)}
            onSubmit={() => {
              if (verdict === null) return;
              const body = { verdict, ...reasonsOf(own, draft, reason) };
              act({ params: { application: application.id }, body }, ({ answer }) =>
                say(
                  answer === null
                    ? 'Turned. The other side has not turned its own yet.'
                    : 'Turned. The answer is out.',
                ),
              );
            }}
          >
            <Judging criteria={own} said={said} draft={draft} onChange={setDraft} />
            <TextArea
              label="In sum"
              hint="The applicant reads it first."
              value={reason}
              onChange={setReason}
              rows={3}
              maxLength={4_000}
            />
          </ActForm>
        );
      }}
    </Show>
  );
}
