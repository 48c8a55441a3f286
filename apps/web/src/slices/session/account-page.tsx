import type { Me } from '@breakwater/contract';
import { directory, earlyAccess } from '@breakwater/contract';
import { useState } from 'react';
import { pathOf } from '../../app/paths.ts';
import { Facts } from '../../ui/facts.tsx';
import { TextField } from '../../ui/field.tsx';
import { Note } from '../../ui/note.tsx';
import { Page } from '../../ui/page.tsx';
import { Section } from '../../ui/section.tsx';
import { useSay } from '../../ui/toast.tsx';
import { Keys } from './account-keys.tsx';
import { Passkeys } from './account-passkeys.tsx';
import { Sessions } from './account-sessions.tsx';
import { ActForm } from './act-form.tsx';
import { useMay, useMe } from './me.ts';
import type { Screen } from './screen.ts';
import { useAct } from './server.ts';

export const screen: Screen = { Page: AccountPage };

/** Who you are here, and every way in that you hold. */
function AccountPage() {
  const me = useMe();
  if (me === null) return null;
  return (
    <Page
      title="Your account"
      lede="Who you are here, and every way in that you hold."
      width="narrow"
    >
      <You me={me} />
      {me.member === null ? (
        <Note title="You came with an API key">
          <p className="small">
            A key speaks for its party and has no sessions and no passkeys. Sign in with a link to
            see yours.
          </p>
        </Note>
      ) : (
        <>
          <MailNote />
          <Passkeys />
          <Sessions />
          {me.member.manages ? (
            <>
              <Keys party={me.party.id} />
              <p className="small">
                <a href={pathOf('leave')}>Take your data, or leave</a>
              </p>
            </>
          ) : null}
        </>
      )}
    </Page>
  );
}

function MailNote() {
  const may = useMay();
  return (
    <p className="small mb-6">
      <a href={pathOf('mail')}>When you are told by mail</a>
      {may(earlyAccess.grants) ? (
        <>
          {' · '}
          <a href={pathOf('access')}>Your access to models before their release</a>
        </>
      ) : null}
    </p>
  );
}

function You({ me }: { readonly me: Me }) {
  return (
    <Section id="you" title="You" lede="As others here read it.">
      <Facts
        items={[
          ['Party', me.party.name],
          ['Role', me.party.role],
          ...(me.member === null
            ? []
            : [['Manages', me.member.manages ? 'yes: members and keys' : 'no'] as const]),
        ]}
      />
      {me.member === null ? null : <Yourself name={me.member.name} email={me.member.email} />}
    </Section>
  );
}

interface YourselfProps {
  readonly name: string;
  readonly email: string | null;
}

function Yourself(before: YourselfProps) {
  const say = useSay();
  const { act, busy, problem } = useAct(directory.updateMe);
  const [name, setName] = useState(before.name);
  const [email, setEmail] = useState(before.email ?? '');
  const same = name === before.name && email === (before.email ?? '');
  return (
    <div className="mt-5">
      <ActForm
        label="Save"
        busy={busy}
        problem={problem}
        reason={same ? 'Nothing is changed.' : null}
        onSubmit={() => {
          const address = email.trim() === '' ? null : email.trim();
          act({ body: { name: name.trim(), email: address } }, () => say('Saved.'));
        }}
      >
        <TextField
          label="Your name"
          value={name}
          onChange={setName}
          autoComplete="name"
          maxLength={300}
        />
        <TextField
          label="Your mail address"
          hint="For sign-in links and notices. A mail never holds anything confidential."
          type="email"
          value={email}
          onChange={setEmail}
          autoComplete="email"
          maxLength={300}
        />
      </ActForm>
    </div>
  );
}
