import type { Output } from '@breakwater/contract';
import { session } from '@breakwater/contract';
import { useState } from 'react';
import { pathOf } from '../../app/paths.ts';
import { Button, Buttons } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { Note } from '../../ui/note.tsx';
import { Page } from '../../ui/page.tsx';
import { signInWithPasskey } from './passkey.ts';
import { ProblemNote } from './problem-note.tsx';
import type { Address, Screen } from './screen.ts';
import { problemOf, useAct, useServer } from './server.ts';

export const screen: Screen = { Page: SignInPage };

/** `/sign-in#<token>`: what the link is for, and a button. Nothing is spent before it is pressed. */
function SignInPage({ search }: Address) {
  const [token] = useState(takeToken);
  if (token === null) {
    return (
      <Page title="Sign in" width="narrow">
        {search['refused'] === 'organization' ? (
          <Note tone="warn" title="Your organization’s sign-in did not let you in" role="alert">
            <p>
              Begin it again from your organization’s link, use another way below, or ask whoever
              invited you whether your organization’s account is known here.
            </p>
          </Note>
        ) : null}
        <SignInForms onDone={home} />
      </Page>
    );
  }
  return (
    <Page title="Sign in" width="narrow">
      <WithLink token={token} />
    </Page>
  );
}

/** A whole new page: whatever was read before belonged to somebody else. */
function home(): void {
  location.assign('/');
}

/** The token leaves the address at once: neither history nor a copied link shall hold it. */
function takeToken(): string | null {
  const token = location.hash.slice(1);
  if (token === '' || token.includes('=')) return null;
  history.replaceState(history.state, '', location.pathname);
  return token;
}

function WithLink({ token }: { readonly token: string }) {
  const preview = useAct(session.preview);
  const [asked, setAsked] = useState(false);
  const [purpose, setPurpose] = useState<Output<typeof session.preview> | null>(null);
  if (!asked) {
    setAsked(true);
    preview.act({ body: { token } }, setPurpose);
  }
  if (preview.problem !== null) {
    return (
      <>
        <ProblemNote problem={preview.problem} />
        <h2>Ask for a new link</h2>
        <AskForLink />
      </>
    );
  }
  if (purpose === null) return <p role="status">Reading your link…</p>;
  return <Redeem token={token} purpose={purpose} />;
}

interface RedeemProps {
  readonly token: string;
  readonly purpose: Output<typeof session.preview>;
}

function Redeem({ token, purpose }: RedeemProps) {
  const { act, busy, problem } = useAct(session.redeem);
  const joins = purpose.purpose === 'join';
  const names = joins && purpose.party.name === null;
  const [name, setName] = useState('');
  const [email, setEmail] = useState(purpose.email ?? '');
  const [partyName, setPartyName] = useState('');
  const missing =
    joins && (name.trim() === '' || (names && partyName.trim() === ''))
      ? 'Give the names above first.'
      : null;
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        const body = {
          token,
          ...(joins ? { name } : {}),
          ...(joins && email.trim() !== '' ? { email } : {}),
          ...(names ? { partyName } : {}),
        };
        act({ body }, home);
      }}
    >
      {joins ? (
        <>
          <p>
            This link makes you a member of{' '}
            <strong>{purpose.party.name ?? 'a new party, which you name here,'}</strong> in the role{' '}
            <strong>{purpose.party.role}</strong>. It works once.
          </p>
          {names ? (
            <TextField
              label="Name of your organization"
              hint="As others here shall read it."
              value={partyName}
              onChange={setPartyName}
              autoComplete="organization"
              maxLength={300}
            />
          ) : null}
          <TextField
            label="Your name"
            hint="What others here shall call you."
            value={name}
            onChange={setName}
            autoComplete="name"
            maxLength={300}
          />
          <TextField
            label="Your mail address (you may leave it empty)"
            hint="To send you sign-in links and notices. A mail never holds anything confidential."
            type="email"
            value={email}
            onChange={setEmail}
            autoComplete="email"
            maxLength={300}
          />
        </>
      ) : (
        <p>Your link is here. It works once, when you press the button.</p>
      )}
      <Buttons>
        <Button type="submit" kind="first" busy={busy && 'Signing in…'} reason={missing}>
          {joins ? 'Join and sign in' : 'Sign in'}
        </Button>
      </Buttons>
      {problem === null ? null : <ProblemNote problem={problem} />}
    </form>
  );
}

interface SignInFormsProps {
  readonly onDone: () => void;
}

/** Every way in for somebody without a link in hand. */
export function SignInForms({ onDone }: SignInFormsProps) {
  return (
    <div className="ways-in">
      <PasskeyWay onDone={onDone} />
      <section aria-labelledby="by-mail">
        <h2 id="by-mail">With a link by mail</h2>
        <AskForLink />
      </section>
      <p className="small soft">
        New here, and you run this server? Its first start printed a link. Another comes with{' '}
        <code>npx breakwater admin link</code>, in the folder the server was started from. Somebody
        invited you? Open the link you were sent. You develop AI models? Read{' '}
        <a href={pathOf('beforeYouJoin')}>what to know before you join</a>.
      </p>
    </div>
  );
}

function PasskeyWay({ onDone }: SignInFormsProps) {
  const client = useServer();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ReturnType<typeof problemOf> | null>(null);
  async function signIn(): Promise<void> {
    setBusy(true);
    try {
      await signInWithPasskey(client);
      onDone();
    } catch (cause) {
      setProblem(problemOf(cause));
      setBusy(false);
    }
  }
  return (
    <section aria-labelledby="by-passkey">
      <h2 id="by-passkey">With a passkey</h2>
      <p className="small soft">
        The fingerprint, face or code of this device, or your security key. No name is asked.
      </p>
      <Buttons>
        <Button
          kind="first"
          busy={busy && 'Waiting for your passkey…'}
          onPress={() => void signIn()}
        >
          Sign in with a passkey
        </Button>
      </Buttons>
      {problem === null ? null : <ProblemNote problem={problem} />}
    </section>
  );
}

function AskForLink() {
  const { act, busy, problem } = useAct(session.requestLink);
  const [email, setEmail] = useState('');
  const [asked, setAsked] = useState(false);
  if (asked) {
    return (
      <Note
        tone="sea"
        title="If this address belongs to a member, a link is on its way"
        role="status"
      >
        <p className="small">It works once and soon ends. You can close this page.</p>
      </Note>
    );
  }
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        act({ body: { email } }, () => setAsked(true));
      }}
    >
      <TextField
        label="Your mail address"
        type="email"
        value={email}
        onChange={setEmail}
        autoComplete="email"
        maxLength={300}
      />
      <Buttons>
        <Button type="submit" busy={busy && 'Asking…'}>
          Send me a link
        </Button>
      </Buttons>
      {problem === null ? null : <ProblemNote problem={problem} />}
    </form>
  );
}
