import type { Output } from '@breakwater/contract';
import { partners } from '@breakwater/contract';
import { parseId } from '@breakwater/kernel';
import { useState } from 'react';
import { Button, Buttons } from '../../ui/button.tsx';
import { Command } from '../../ui/copy.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Select, TextArea, TextField } from '../../ui/field.tsx';
import { Moment, Time } from '../../ui/moment.tsx';
import { Note } from '../../ui/note.tsx';
import { Quote } from '../../ui/quote.tsx';
import { type Column, Table } from '../../ui/table.tsx';
import { MoreButton } from '../evaluate/more-button.tsx';
import { ActForm } from '../session/act-form.tsx';
import { LocalLinkNote } from '../session/local-link-note.tsx';
import { Show } from '../session/problem-note.tsx';
import { useAct, useLoad, usePages } from '../session/server.ts';

type Nomination = Output<typeof partners.nominations>['items'][number];

const columns: readonly Column<Nomination>[] = [
  {
    key: 'who',
    head: 'Who',
    cell: ({ organization }) =>
      organization === null ? 'Name erased' : <Quote text={organization} />,
  },
  { key: 'tier', head: 'Tier', cell: ({ tierName }) => tierName ?? 'Name erased' },
  {
    key: 'why',
    head: 'Why',
    cell: ({ reason }) => (reason === null ? 'Erased' : <Quote text={reason} />),
  },
  { key: 'at', head: 'Made', cell: ({ at }) => <Moment at={at} /> },
  {
    key: 'used',
    head: 'Came to',
    cell: ({ used, expiresAt }) =>
      used ? 'an application' : <>nothing yet; good until {<Moment at={expiresAt} />}</>,
  },
];

/** Nominations of one's own side: they bring a link and no advantage. */
export function Nominations() {
  const [isOpen, setIsOpen] = useState(false);
  const pages = usePages([partners.nominations.id], (client, after) =>
    client.call(partners.nominations, { query: after === undefined ? {} : { after } }),
  );
  return (
    <>
      <p className="small soft mb-4">
        A nomination is a link that you hand over yourself. It is no advantage: the same criteria,
        the same two keys, and you turn none of them.
      </p>
      <Show what="nominations" {...pages}>
        {(rows) =>
          rows.length === 0 ? (
            <EmptyState title="No nomination">
              <p>Those that your side made stand here, with what came of them.</p>
            </EmptyState>
          ) : (
            <div className="partner-rows">
              <Table caption="Nominations" columns={columns} rows={rows} keyOf={({ id }) => id} />
            </div>
          )
        }
      </Show>
      <MoreButton {...pages.more} />
      <Buttons>
        <Button onPress={() => setIsOpen(true)}>Nominate</Button>
      </Buttons>
      {isOpen ? (
        <Dialog open onClose={() => setIsOpen(false)} title="Nominate">
          <NominateForm />
        </Dialog>
      ) : null}
    </>
  );
}

function NominateForm() {
  const read = useLoad(partners.tiers, {});
  const { act, busy, problem } = useAct(partners.nominate);
  const [made, setMade] = useState<Output<typeof partners.nominate> | null>(null);
  const [tier, setTier] = useState('');
  const [organization, setOrganization] = useState('');
  const [reason, setReason] = useState('');
  if (made !== null) return <Made made={made} />;
  const id = parseId('tier', tier);
  const lacks =
    id === null
      ? 'Choose a tier first.'
      : organization.trim() === ''
        ? 'Name the organization first.'
        : reason.trim().length < 3
          ? 'Say why first.'
          : null;
  return (
    <Show what="the tiers" {...read}>
      {({ items }) => (
        <ActForm
          label="Nominate"
          busy={busy}
          problem={problem}
          reason={lacks}
          onSubmit={() => {
            if (id === null) return;
            const body = { tier: id, organization: organization.trim(), reason: reason.trim() };
            act({ body }, setMade);
          }}
        >
          <Select
            label="Tier"
            value={tier}
            onChange={setTier}
            choices={[
              ['', 'Choose one'],
              ...items.map((each) => [each.id, each.name ?? 'Name erased'] as const),
            ]}
          />
          <TextField
            label="Organization"
            value={organization}
            onChange={setOrganization}
            maxLength={300}
          />
          <TextArea label="Why" value={reason} onChange={setReason} rows={3} maxLength={4_000} />
        </ActForm>
      )}
    </Show>
  );
}

function Made({ made }: { readonly made: Output<typeof partners.nominate> }) {
  return (
    <Note tone="held" title="Hand them this link. It is shown this once." role="status">
      <Command text={made.link} what="the link" />
      <p className="small">
        It is good until <Time at={made.expiresAt} />.
      </p>
      <LocalLinkNote link={made.link} />
    </Note>
  );
}
