import type { ApiKey, Output } from '@breakwater/contract';
import { directory } from '@breakwater/contract';
import type { Id } from '@breakwater/kernel';
import { parseInstant } from '@breakwater/kernel';
import { useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { Command } from '../../ui/copy.tsx';
import { Select, TextField } from '../../ui/field.tsx';
import { Ago, useNow } from '../../ui/moment.tsx';
import { Note } from '../../ui/note.tsx';
import { Section } from '../../ui/section.tsx';
import { Table } from '../../ui/table.tsx';
import { ActForm } from './act-form.tsx';
import { ProblemNote, Show } from './problem-note.tsx';
import { useAct, useLoad } from './server.ts';

/** The API keys of one's party; a new one is shown once. */
export function Keys({ party }: { readonly party: Id<'party'> }) {
  const keys = useLoad(directory.listKeys, { query: { limit: 200 } });
  return (
    <Section
      id="keys"
      title="API keys"
      lede="For scanners and scripts of your party. A key is shown once and kept only as a hash."
    >
      <Show what="keys" {...keys}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="soft small">None yet.</p>
          ) : (
            <Table
              caption="API keys"
              keyOf={({ id }) => id}
              rows={items}
              columns={[
                { key: 'label', head: 'Name', cell: ({ label }) => label },
                {
                  key: 'may',
                  head: 'May',
                  cell: ({ scope }) => (scope === null ? 'all your role may' : scope.join(', ')),
                },
                { key: 'used', head: 'Last used', cell: ({ lastUsedOn }) => lastUsedOn ?? 'never' },
                {
                  key: 'ends',
                  head: 'Ends',
                  cell: ({ expiresAt }) => (expiresAt === null ? 'never' : <Ago at={expiresAt} />),
                },
                { key: 'act', head: 'Act', cell: (key) => <Revoke apiKey={key} /> },
              ]}
            />
          )
        }
      </Show>
      <div className="mt-5">
        <Add party={party} />
      </div>
    </Section>
  );
}

function Revoke({ apiKey }: { readonly apiKey: ApiKey }) {
  const { act, busy, problem } = useAct(directory.revokeKey);
  if (apiKey.revokedAt !== null) return <span className="faint">cut off</span>;
  return (
    <>
      <Button
        kind="danger"
        label={`Cut off ${apiKey.label}`}
        busy={busy && 'Cutting off…'}
        onPress={() => act({ params: { key: apiKey.id } }, () => {})}
      >
        Cut off
      </Button>
      {problem === null ? null : <ProblemNote problem={problem} />}
    </>
  );
}

const dayMs = 86_400_000;

function Add({ party }: { readonly party: Id<'party'> }) {
  const now = useNow(60_000);
  const { act, busy, problem } = useAct(directory.addKey);
  const [made, setMade] = useState<Output<typeof directory.addKey> | null>(null);
  const [label, setLabel] = useState('');
  const [days, setDays] = useState('90');
  if (made !== null) {
    return (
      <Note tone="held" title="Here is the key" role="status">
        <p className="small">It is shown this once. Keep it where your scanner reads it.</p>
        <Command text={made.key} what="the key" />
        <Button onPress={() => setMade(null)}>I have it</Button>
      </Note>
    );
  }
  return (
    <ActForm
      label="Make a key"
      busy={busy}
      problem={problem}
      reason={label.trim() === '' ? 'Name it first.' : null}
      onSubmit={() => {
        const end = days === '' ? null : parseInstant(endOf(now, Number(days)));
        const body = { label: label.trim(), ...(end === null ? {} : { expiresAt: end }) };
        act({ params: { party }, body }, (key) => {
          setMade(key);
          setLabel('');
        });
      }}
    >
      <TextField
        label="Name of the new key"
        hint="What uses it, such as: nightly fuzzing."
        value={label}
        onChange={setLabel}
        maxLength={300}
      />
      <Select
        label="Ends"
        value={days}
        onChange={setDays}
        choices={[
          ['30', 'in 30 days'],
          ['90', 'in 90 days'],
          ['365', 'in a year'],
          ['', 'never'],
        ]}
      />
    </ActForm>
  );
}

function endOf(now: number, days: number): string {
  return new Date(now + days * dayMs).toISOString();
}
