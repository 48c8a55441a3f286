import type { Partnership } from '@breakwater/contract';
import { partners } from '@breakwater/contract';
import { useState } from 'react';
import { Check } from '../../ui/field.tsx';
import { Note } from '../../ui/note.tsx';
import { QuoteBlock } from '../../ui/quote.tsx';
import { useSay } from '../../ui/toast.tsx';
import { ActForm } from '../session/act-form.tsx';
import { Show } from '../session/problem-note.tsx';
import { useAct, useLoad } from '../session/server.ts';
import { speaking } from './own-application.ts';

interface TermsProps {
  readonly partnership: Partnership;
  readonly token: string | null;
}

/** The terms that stand, to be read whole and accepted; exactly those, by their digest. */
export function TermsToAccept({ partnership, token }: TermsProps) {
  const say = useSay();
  const read = useLoad(partners.tiers, {});
  const { act, busy, problem } = useAct(partners.acceptTerms);
  const [isRead, setIsRead] = useState(false);
  const { id, tier, terms, acceptedTerms } = partnership;
  return (
    <Note
      tone="warn"
      title={acceptedTerms === null ? 'Accept the terms' : 'The terms changed: accept them anew'}
    >
      <Show what="the terms" {...read}>
        {({ items }) => {
          const found = items.find((item) => item.id === tier)?.terms;
          const text = found?.digest === terms ? found.text : null;
          if (text === null || text === undefined) {
            return <p className="small">Their text is not shown here now. Ask the developer.</p>;
          }
          return (
            <ActForm
              label="Accept"
              busy={busy}
              problem={problem}
              reason={isRead ? null : 'Say that you read them first.'}
              onSubmit={() =>
                act({ params: { partner: id }, body: { terms, ...speaking(token) } }, () =>
                  say('Accepted.'),
                )
              }
            >
              <QuoteBlock text={text} />
              <p className="small faint">
                Digest <code>{terms}</code>
              </p>
              <Check
                label="I read them and may accept them for my organization"
                checked={isRead}
                onChange={setIsRead}
              />
            </ActForm>
          );
        }}
      </Show>
    </Note>
  );
}
