import type { Credit } from '@breakwater/contract';
import { collect } from '@breakwater/contract';
import { useState } from 'react';
import { Radios, TextField } from '../../ui/field.tsx';
import { Section } from '../../ui/section.tsx';
import { useSay } from '../../ui/toast.tsx';
import { ActForm } from '../session/act-form.tsx';
import { useBegunAgain } from '../session/begun-at.ts';
import { Show } from '../session/problem-note.tsx';
import { useAct, useLoad } from '../session/server.ts';

/** How the finder is named in advisories; nobody else can change it. */
export function CreditSection() {
  const { loaded, reload } = useLoad(collect.credit, {});
  return (
    <Section
      id="credit"
      title="Your credit"
      lede="How you are named when something you found is published. Only you can change it."
    >
      <Show what="your credit" loaded={loaded} reload={reload}>
        {(credit) => <CreditForm credit={credit} />}
      </Show>
    </Section>
  );
}

function CreditForm({ credit }: { readonly credit: Credit }) {
  const say = useSay();
  const { act, busy, problem } = useAct(collect.setCredit);
  const { begun, kept } = useBegunAgain(credit.revision, problem);
  const [as, setAs] = useState(credit.as);
  const [name, setName] = useState(credit.name);
  const missing = as === 'named' && name.trim() === '' ? 'Give the name first.' : null;
  return (
    <ActForm
      label="Keep it"
      busy={busy}
      problem={problem}
      reason={missing}
      now={credit.as === 'anonymous' ? 'Not by name' : credit.name}
      onSubmit={() =>
        act(
          {
            body: {
              as,
              ...(as === 'named' ? { name: name.trim() } : {}),
              ifRevision: begun,
            },
          },
          ({ revision }) => {
            kept(revision);
            say('Your credit is kept.');
          },
        )
      }
    >
      <Radios
        legend="In advisories"
        value={as}
        onChange={(value) => setAs(value === 'anonymous' ? 'anonymous' : 'named')}
        choices={[
          ['named', 'By name'],
          ['anonymous', 'Not at all'],
        ]}
      />
      {as === 'named' ? (
        <TextField label="As" value={name} onChange={setName} maxLength={300} />
      ) : null}
    </ActForm>
  );
}
