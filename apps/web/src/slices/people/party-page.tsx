import type { Member } from '@breakwater/contract';
import { collect, directory } from '@breakwater/contract';
import type { Id } from '@breakwater/kernel';
import { parseId } from '@breakwater/kernel';
import { useState } from 'react';
import { pathOf } from '../../app/paths.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Ago } from '../../ui/moment.tsx';
import { Empty } from '../../ui/note.tsx';
import { Page } from '../../ui/page.tsx';
import { Section } from '../../ui/section.tsx';
import { Table } from '../../ui/table.tsx';
import { useMay } from '../session/me.ts';
import { ProblemNote, Show } from '../session/problem-note.tsx';
import type { Address, Screen } from '../session/screen.ts';
import { useAct, useLoad } from '../session/server.ts';
import { InviteForm } from './invite-form.tsx';
import { LetIn } from './let-in.tsx';

export const screen: Screen = { Page: PartyPage };

/** One party: who acts for it. */
function PartyPage({ params }: Address) {
  const id = parseId('party', params['party'] ?? '');
  return id === null ? <NoSuchParty /> : <Found id={id} />;
}

function Found({ id }: { readonly id: Id<'party'> }) {
  const parties = useLoad(directory.listParties, { query: { party: id } });
  return (
    <Show what="the party" {...parties}>
      {({ items: [party] }) => (
        <Known id={id} name={party?.name ?? 'A party'} role={party?.role ?? ''} />
      )}
    </Show>
  );
}

function NoSuchParty() {
  return (
    <Page title="There is no such party" width="narrow">
      <p>
        Look at <a href={pathOf('people')}>everybody who takes part</a>.
      </p>
    </Page>
  );
}

interface KnownProps {
  readonly id: Id<'party'>;
  readonly name: string;
  readonly role: string;
}

function Known({ id, name, role }: KnownProps) {
  const may = useMay();
  const [inviting, setInviting] = useState(false);
  return (
    <Page
      title={name}
      lede={role === '' ? undefined : `Takes part as ${role}.`}
      width="narrow"
      actions={
        may(directory.invite) ? (
          <Button kind="first" onPress={() => setInviting(true)}>
            Invite a member
          </Button>
        ) : null
      }
    >
      <Members party={id} />
      {may(collect.letIn) ? <LetIn party={id} /> : null}
      {inviting ? (
        <Dialog
          open
          onClose={() => setInviting(false)}
          title={`Invite into ${name}`}
          lede="You get a link that works once. Give it to the person by a way you trust."
        >
          <InviteForm party={{ id, name }} />
        </Dialog>
      ) : null}
    </Page>
  );
}

/** The members of a party; whoever may can remove one. */
export function Members({ party }: { readonly party: Id<'party'> }) {
  const members = useLoad(directory.listMembers, { query: { party, limit: 200 } });
  return (
    <Section id="members" title="Members" lede="People who act for the party, and its services.">
      <Show what="members" {...members}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty>
              Nobody yet. Invite the first member: who joins by that link acts for this party.
            </Empty>
          ) : (
            <Table
              caption="Members"
              keyOf={({ id }) => id}
              rows={items}
              columns={[
                { key: 'name', head: 'Name', cell: (member) => <Name member={member} /> },
                { key: 'email', head: 'Mail', cell: ({ email }) => email ?? 'none' },
                { key: 'since', head: 'Since', cell: ({ joinedAt }) => <Ago at={joinedAt} /> },
                { key: 'act', head: 'Act', cell: (member) => <Remove member={member} /> },
              ]}
            />
          )
        }
      </Show>
    </Section>
  );
}

function Name({ member }: { readonly member: Member }) {
  return (
    <>
      {member.name} {member.manages ? <Badge tone="sea">manages</Badge> : null}{' '}
      {member.kind === 'service' ? <Badge>service</Badge> : null}
    </>
  );
}

function Remove({ member }: { readonly member: Member }) {
  const { act, busy, problem } = useAct(directory.removeMember);
  const [sure, setSure] = useState(false);
  if (!sure) {
    return (
      <Button kind="quiet" label={`Remove ${member.name}`} onPress={() => setSure(true)}>
        Remove
      </Button>
    );
  }
  return (
    <>
      <Button
        kind="danger"
        busy={busy && 'Removing…'}
        onPress={() => act({ params: { member: member.id } }, () => setSure(false))}
      >
        Yes, remove
      </Button>
      {problem === null ? null : <ProblemNote problem={problem} />}
    </>
  );
}
