import type { Application, Partnership } from '@breakwater/contract';
import { partners } from '@breakwater/contract';
import { useState } from 'react';
import { TextArea } from '../../ui/field.tsx';
import { useSay } from '../../ui/toast.tsx';
import { ActForm } from '../session/act-form.tsx';
import { Show } from '../session/problem-note.tsx';
import { useAct, useLoad } from '../session/server.ts';
import { Judging } from './judging.tsx';
import { judged, type KeyDraft, keyLacks, reasonsOf, verdictOf } from './key-draft.ts';

interface ReviewProps {
  readonly partnership: Partnership;
  readonly onDone: () => void;
}

/** Looks at a partnership again by the criteria it was decided on. */
export function ReviewForm({ partnership, onDone }: ReviewProps) {
  const read = useLoad(partners.application, { params: { application: partnership.application } });
  return (
    <Show what="the application" {...read}>
      {(application) => (
        <Again application={application} partnership={partnership} onDone={onDone} />
      )}
    </Show>
  );
}

function Again(props: ReviewProps & { readonly application: Application }) {
  const { application, partnership, onDone } = props;
  const read = useLoad(partners.criteria, { query: { version: application.criteriaVersion } });
  const say = useSay();
  const { act, busy, problem } = useAct(partners.review);
  const [draft, setDraft] = useState<KeyDraft>({});
  const [reason, setReason] = useState('');
  const said = new Map(
    (application.words?.meets ?? []).map(({ criterion, how }) => [criterion, how]),
  );
  return (
    <Show what="the criteria" {...read}>
      {({ criteria }) => {
        const own = judged(criteria, partnership.gives);
        const verdict = verdictOf(own, draft);
        const outcome = verdict === 'accept' ? 'stays' : 'ends';
        return (
          <ActForm
            label={verdict === 'decline' ? 'End it' : 'It stays'}
            danger={verdict === 'decline'}
            busy={busy}
            problem={problem}
            reason={keyLacks(own, draft, reason)}
            onSubmit={() =>
              act(
                {
                  params: { partner: partnership.id },
                  body: { outcome, ...reasonsOf(own, draft, reason) },
                },
                () => {
                  say(outcome === 'stays' ? 'It stays.' : 'It is ended.');
                  onDone();
                },
              )
            }
          >
            <Judging criteria={own} said={said} draft={draft} onChange={setDraft} />
            <TextArea
              label="In sum"
              hint="The partner reads it."
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
