import type { Passkey, Problem } from '@breakwater/contract';
import { session } from '@breakwater/contract';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { Ago } from '../../ui/moment.tsx';
import { Section } from '../../ui/section.tsx';
import { Table } from '../../ui/table.tsx';
import { useSay } from '../../ui/toast.tsx';
import { ActForm } from './act-form.tsx';
import { addPasskey } from './passkey.ts';
import { ProblemNote, Show } from './problem-note.tsx';
import { problemOf, useAct, useLoad, useServer } from './server.ts';

/** The passkeys one holds, and a way to add one. */
export function Passkeys() {
  const passkeys = useLoad(session.listPasskeys, {});
  return (
    <Section
      id="passkeys"
      title="Passkeys"
      lede="The fingerprint, face or code of a device, or a security key. Nothing to remember, nothing to phish."
    >
      <Show what="passkeys" {...passkeys}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="soft small">None yet: until then you sign in with a link.</p>
          ) : (
            <Table
              caption="Passkeys"
              keyOf={({ id }) => id}
              rows={items}
              columns={[
                { key: 'label', head: 'Name', cell: ({ label }) => label },
                { key: 'added', head: 'Added', cell: ({ addedAt }) => <Ago at={addedAt} /> },
                { key: 'used', head: 'Last used', cell: ({ lastUsedOn }) => lastUsedOn ?? 'never' },
                { key: 'act', head: 'Act', cell: (passkey) => <Remove passkey={passkey} /> },
              ]}
            />
          )
        }
      </Show>
      <div className="mt-5">
        <Add />
      </div>
    </Section>
  );
}

function Add() {
  const client = useServer();
  const queries = useQueryClient();
  const say = useSay();
  const [label, setLabel] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  async function add(): Promise<void> {
    setBusy(true);
    try {
      await addPasskey(client, label.trim());
      setLabel('');
      setProblem(null);
      say('The passkey is added.');
      await queries.invalidateQueries();
    } catch (cause) {
      setProblem(problemOf(cause));
    }
    setBusy(false);
  }
  return (
    <ActForm
      label="Add a passkey"
      busy={busy}
      problem={problem}
      reason={label.trim() === '' ? 'Name it first.' : null}
      onSubmit={() => void add()}
    >
      <TextField
        label="Name of the new passkey"
        hint="To tell it from others, such as: work laptop."
        value={label}
        onChange={setLabel}
        maxLength={300}
      />
    </ActForm>
  );
}

function Remove({ passkey }: { readonly passkey: Passkey }) {
  const { act, busy, problem } = useAct(session.removePasskey);
  const last = problem?.code === 'last-way-in';
  return (
    <>
      <Button
        kind="danger"
        label={`Remove ${passkey.label}`}
        busy={busy && 'Removing…'}
        onPress={() =>
          act({ params: { passkey: passkey.id }, body: { evenIfLast: last } }, () => {})
        }
      >
        {last ? 'Remove all the same' : 'Remove'}
      </Button>
      {problem === null ? null : <ProblemNote problem={problem} />}
    </>
  );
}
