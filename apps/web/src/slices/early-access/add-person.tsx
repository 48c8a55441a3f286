import { earlyAccess, members } from '@breakwater/contract';
import { type Id, parseId } from '@breakwater/kernel';
import { useState } from 'react';
import { Dialog } from '../../ui/dialog.tsx';
import { Select, TextField } from '../../ui/field.tsx';
import { useSay } from '../../ui/toast.tsx';
import { ActForm } from '../session/act-form.tsx';
import { useMe } from '../session/me.ts';
import { useAct, useLoad } from '../session/server.ts';

interface AddPersonProps {
  readonly window: Id<'window'>;
  readonly onDone: () => void;
}

const other = 'other';

/** Adds a person by name; those of the reader's own party can be chosen, others give their id. */
export function AddPerson({ window, onDone }: AddPersonProps) {
  const say = useSay();
  const me = useMe();
  const { act, busy, problem } = useAct(earlyAccess.addPerson);
  const isGovernment = me?.party.role !== 'developer';
  const { loaded } = useLoad(
    members.listMembers,
    { query: { limit: 200 } },
    { when: isGovernment },
  );
  const own = isGovernment && loaded.state === 'ready' ? loaded.data.items : [];
  const [choice, setChoice] = useState('');
  const [id, setId] = useState('');
  const [personId, setPersonId] = useState('');
  const isOther = own.length === 0 || choice === other;
  const member = parseId('member', isOther ? id.trim() : choice);
  const chosen = own.find((each) => each.id === member);
  const needsPerson = chosen?.kind === 'service';
  const person = parseId('member', personId);
  const people = own.filter(({ kind }) => kind === 'person');
  return (
    <Dialog
      open
      onClose={onDone}
      title="Add a person"
      lede="They have no access by this: each accepts the terms of all six protections, one by one, on a page of their own."
    >
      <ActForm
        label="Add them"
        busy={busy}
        problem={problem}
        reason={member === null || (needsPerson && person === null) ? 'Say who first.' : null}
        onSubmit={() => {
          if (member === null) return;
          const body = { member, ...(needsPerson && person !== null ? { person } : {}) };
          act({ params: { window }, body }, () => {
            say('Added. They find it under Your access.');
            onDone();
          });
        }}
      >
        {own.length === 0 ? null : (
          <Select
            label="Who?"
            value={choice}
            onChange={setChoice}
            choices={[
              ['', 'Choose a person'],
              ...own.map(
                ({ id: each, name, kind }) =>
                  [each, kind === 'service' ? `${name} (a service)` : name] as const,
              ),
              [other, 'Somebody of another party'],
            ]}
          />
        )}
        {isOther ? (
          <TextField
            label="Their id"
            hint="Of the person, not of the party: member_ and 26 small letters and digits. It comes from them."
            value={id}
            onChange={setId}
            maxLength={40}
            exact
          />
        ) : null}
        {needsPerson ? (
          <Select
            label="Who answers for the service?"
            hint="A person of the same party, who accepts the terms for it."
            value={personId}
            onChange={setPersonId}
            choices={[
              ['', 'Choose a person'],
              ...people.map(({ id: each, name }) => [each, name] as const),
            ]}
          />
        ) : null}
      </ActForm>
    </Dialog>
  );
}
