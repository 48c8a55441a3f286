import type { Invitation, Party } from '@breakwater/contract';
import { directory } from '@breakwater/contract';
import { useState } from 'react';
import { pathTo } from '../../app/paths.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Ago } from '../../ui/moment.tsx';
import { Page } from '../../ui/page.tsx';
import { Section } from '../../ui/section.tsx';
import type { Column } from '../../ui/table.tsx';
import { Table } from '../../ui/table.tsx';
import { useMay } from '../session/me.ts';
import { ProblemNote, Show } from '../session/problem-note.tsx';
import type { Screen } from '../session/screen.ts';
import { useAct, usePages } from '../session/server.ts';
import { InviteForm } from './invite-form.tsx';

export const screen: Screen = { Page: PeoplePage };

const partyColumns: readonly Column<Party>[] = [
  {
    key: 'name',
    head: 'Party',
    cell: ({ id, name }) => <a href={pathTo('party', { party: id })}>{name}</a>,
  },
  { key: 'role', head: 'Role', cell: ({ role }) => role },
  { key: 'since', head: 'Here since', cell: ({ createdAt }) => <Ago at={createdAt} /> },
];

/** Who takes part, and who was asked to. */
function PeoplePage() {
  const [inviting, setInviting] = useState(false);
  const may = useMay();
  const parties = usePages([directory.listParties.id], (client, after) =>
    client.call(directory.listParties, { query: after === undefined ? {} : { after } }),
  );
  return (
    <Page
      title="People"
      lede="A party is an organization or person that takes part; its members act for it."
      actions={
        may(directory.invite) ? (
          <Button kind="first" onPress={() => setInviting(true)}>
            Invite
          </Button>
        ) : null
      }
    >
      <Show what="parties" {...parties}>
        {(rows) => (
          <Table caption="Parties" columns={partyColumns} rows={rows} keyOf={({ id }) => id} />
        )}
      </Show>
      <MoreButton {...parties.more} />
      <Invitations />
      {inviting ? (
        <Dialog
          open
          onClose={() => setInviting(false)}
          title="Invite"
          lede="You get a link that works once. Give it to the person by a way you trust."
        >
          <InviteForm />
        </Dialog>
      ) : null}
    </Page>
  );
}

interface MoreButtonProps {
  readonly has: boolean;
  readonly loading: boolean;
  readonly load: () => void;
}

function MoreButton({ has, loading, load }: MoreButtonProps) {
  if (!has) return null;
  return (
    <p className="buttons">
      <Button busy={loading && 'Loading…'} onPress={load}>
        More
      </Button>
    </p>
  );
}

const stateTones = { open: 'sea', accepted: 'held', revoked: 'plain', expired: 'plain' } as const;

const invitationColumns: readonly Column<Invitation>[] = [
  {
    key: 'who',
    head: 'For',
    cell: ({ email, newParty }) => email ?? newParty?.name ?? 'whoever has the link',
  },
  {
    key: 'what',
    head: 'To',
    cell: ({ newParty, manages }) =>
      newParty === null
        ? `join a party${manages ? ' and manage it' : ''}`
        : `bring a new ${newParty.role}`,
  },
  {
    key: 'state',
    head: 'State',
    cell: ({ state }) => <Badge tone={stateTones[state]}>{state}</Badge>,
  },
  { key: 'until', head: 'Ends', cell: ({ expiresAt }) => <Ago at={expiresAt} /> },
  { key: 'act', head: 'Act', cell: (invitation) => <Revoke invitation={invitation} /> },
];

function Invitations() {
  const pages = usePages([directory.listInvitations.id], (client, after) =>
    client.call(directory.listInvitations, { query: after === undefined ? {} : { after } }),
  );
  return (
    <Section
      id="invitations"
      title="Invitations"
      lede="Each link works once and soon ends. A link itself is shown only when it is made."
    >
      <Show what="invitations" {...pages}>
        {(rows) =>
          rows.length === 0 ? (
            <p className="soft small">Nobody was invited yet.</p>
          ) : (
            <Table
              caption="Invitations"
              columns={invitationColumns}
              rows={rows}
              keyOf={({ id }) => id}
            />
          )
        }
      </Show>
      <MoreButton {...pages.more} />
    </Section>
  );
}

function Revoke({ invitation }: { readonly invitation: Invitation }) {
  const { act, busy, problem } = useAct(directory.revokeInvitation);
  if (invitation.state !== 'open') return <span className="faint">none</span>;
  return (
    <>
      <Button
        kind="danger"
        busy={busy && 'Revoking…'}
        onPress={() => act({ params: { invitation: invitation.id } }, () => {})}
      >
        Revoke
      </Button>
      {problem === null ? null : <ProblemNote problem={problem} />}
    </>
  );
}
