import { suiteRights, suites } from '@breakwater/contract';
import type { Id } from '@breakwater/kernel';
import { useState } from 'react';
import { Radios } from '../../ui/field.tsx';
import { useSay } from '../../ui/toast.tsx';
import { ActForm } from '../session/act-form.tsx';
import { usePartyField } from '../session/party-field.tsx';
import { useAct } from '../session/server.ts';
import { rightWords } from './words.ts';

interface AllowFormProps {
  readonly suite: Id<'suite'>;
  /** null: of all items. */
  readonly item: Id<'item'> | null;
  readonly onDone: () => void;
}

/** Gives a party one right. Nobody here is listed to others: the id comes from whoever gets it. */
export function AllowForm({ suite, item, onDone }: AllowFormProps) {
  const say = useSay();
  const { act, busy, problem } = useAct(suites.allow);
  const { party, reason, field } = usePartyField();
  const [right, setRight] = useState<(typeof suiteRights)[number]>('know');
  return (
    <ActForm
      label="Give it"
      busy={busy}
      problem={problem}
      reason={reason}
      onSubmit={() => {
        if (party === null) return;
        const body = { party, right, ...(item === null ? {} : { item }) };
        act({ params: { suite }, body }, () => {
          say('Given.');
          onDone();
        });
      }}
    >
      {field}
      <Radios
        legend={item === null ? 'What may they, of all items?' : 'What may they, of this item?'}
        value={right}
        onChange={(value) => setRight(suiteRights.find((known) => known === value) ?? right)}
        choices={suiteRights.map((each) => [each, ...rightWords[each]])}
      />
    </ActForm>
  );
}
