import type { Output } from '@breakwater/contract';
import { helpers } from '@breakwater/contract';
import { useState } from 'react';
import { Button, Buttons } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { TextField } from '../../ui/field.tsx';
import { Moment } from '../../ui/moment.tsx';
import { Page } from '../../ui/page.tsx';
import { ProblemNote } from '../session/problem-note.tsx';
import type { Screen } from '../session/screen.ts';
import { useAct } from '../session/server.ts';
import { CardBody } from './notice-card.tsx';
import { statusWords } from './notice-status.ts';

export const screen: Screen = { Page: HelpPage };

type Opened = Output<typeof helpers.openHelp>;

/** `/help#<token>`: one card, for somebody without an account. Opened only when it is pressed. */
function HelpPage() {
  const [token] = useState(takeToken);
  const { act, busy, problem } = useAct(helpers.openHelp);
  const [opened, setOpened] = useState<Opened | null>(null);
  if (token === null) {
    return (
      <Page title="Help with one thing" width="narrow">
        <EmptyState title="This link is not whole">
          <p>Open it again from the message it came in, whole, to its last letter.</p>
        </EmptyState>
      </Page>
    );
  }
  if (opened === null) {
    return (
      <Page
        title="Somebody asks for your help"
        lede="They run software with a known weakness and ask you to mend it. The card says what to do, by when and how. You need no account."
        width="narrow"
      >
        {problem === null ? null : <ProblemNote problem={problem} />}
        <Buttons>
          <Button
            kind="first"
            busy={busy && 'Opening…'}
            onPress={() => act({ body: { token } }, setOpened)}
          >
            Open the card
          </Button>
        </Buttons>
      </Page>
    );
  }
  return <Card token={token} opened={opened} />;
}

/** The token leaves the address at once, and stays in this tab so that reloading finds it. */
function takeToken(): string | null {
  const given = location.hash.slice(1);
  if (given !== '') {
    sessionStorage.setItem(slot, given);
    history.replaceState(history.state, '', location.pathname);
    return given;
  }
  return sessionStorage.getItem(slot);
}

const slot = 'breakwater-help';

function Card({ token, opened }: { readonly token: string; readonly opened: Opened }) {
  const { act, busy, problem } = useAct(helpers.reportHelp);
  const [status, setStatus] = useState<string>(opened.status);
  const [note, setNote] = useState('');
  const report = (outcome: 'done' | 'not-affected') =>
    act(
      { body: { token, outcome, ...(note.trim() === '' ? {} : { note: note.trim() }) } },
      (said) => setStatus(said.status),
    );
  const open = status === 'open' || status === 'helper';
  return (
    <Page title="What to do" width="narrow">
      <article className="card" aria-labelledby="help-headline">
        <CardBody card={opened.card} headlineId="help-headline" open={open} />
        {open ? (
          <fieldset className="receipt no-print" disabled={busy}>
            <legend>Report back</legend>
            <TextField
              label="Note (you may leave it empty)"
              value={note}
              onChange={setNote}
              maxLength={4_000}
            />
            <Buttons>
              <Button kind="first" onPress={() => report('done')}>
                It is done
              </Button>
              <Button onPress={() => report('not-affected')}>They are not affected</Button>
            </Buttons>
            {problem === null ? null : <ProblemNote problem={problem} />}
          </fieldset>
        ) : (
          <p className="receipt" role="status">
            <strong>Reported: {statusWords(status)}.</strong> Whoever asked you sees it. Thank you.
          </p>
        )}
      </article>
      <p className="small soft no-print">
        This link ends <Moment at={opened.expiresAt} />.
      </p>
    </Page>
  );
}
