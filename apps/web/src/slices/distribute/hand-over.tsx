import type { Helper, Notice, Output } from '@breakwater/contract';
import { helpers } from '@breakwater/contract';
import { useState } from 'react';
import { Button, Buttons } from '../../ui/button.tsx';
import { Command } from '../../ui/copy.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextField } from '../../ui/field.tsx';
import { Ago, Moment } from '../../ui/moment.tsx';
import { useSay } from '../../ui/toast.tsx';
import { ActForm } from '../session/act-form.tsx';
import { LocalLinkNote } from '../session/local-link-note.tsx';
import { ProblemNote } from '../session/problem-note.tsx';
import { useAct, useLoad } from '../session/server.ts';

/** Gives one card to whoever looks after the computers: a link that opens it and nothing else. */
export function HandOver({ notice }: { readonly notice: Notice }) {
  const [open, setOpen] = useState(false);
  return (
    <div className="hand-over no-print">
      <p className="small soft">
        Not your job? Give this card to whoever looks after your computers.
      </p>
      <Buttons>
        <Button onPress={() => setOpen(true)}>Hand it on</Button>
        <Button onPress={() => print()}>Print</Button>
      </Buttons>
      <HelperList notice={notice} />
      {open ? (
        <Dialog
          open
          onClose={() => setOpen(false)}
          title="Hand this card on"
          lede="You get a link. Whoever has it sees this card, nothing else, and can report it done for you. It ends after 14 days, or when you take it back."
        >
          <HandOverForm notice={notice} />
        </Dialog>
      ) : null}
    </div>
  );
}

function HandOverForm({ notice }: { readonly notice: Notice }) {
  const { act, busy, problem } = useAct(helpers.delegate);
  const [name, setName] = useState('');
  const [made, setMade] = useState<Output<typeof helpers.delegate> | null>(null);
  if (made !== null && made.link !== null) return <Made link={made.link} until={made.expiresAt} />;
  return (
    <ActForm
      label="Make the link"
      busy={busy}
      problem={problem}
      reason={name.trim() === '' ? 'Say who it is for first.' : null}
      onSubmit={() => act({ params: { notice: notice.id }, body: { name: name.trim() } }, setMade)}
    >
      <TextField
        label="Who is it for?"
        hint="So that you know later whom you gave it to, such as: Sam from the IT company"
        value={name}
        onChange={setName}
        maxLength={200}
      />
    </ActForm>
  );
}

function Made({ link, until }: { readonly link: string; readonly until: string }) {
  const say = useSay();
  const canShare = 'share' in navigator;
  async function share(): Promise<void> {
    try {
      await navigator.share({ title: 'Something to do', url: link });
      say('Handed on.');
    } catch {
      say('Nothing was sent. Copy the link instead.');
    }
  }
  return (
    <>
      <p>Send this link to them. It is shown only now.</p>
      <Command text={link} what="the link" />
      <LocalLinkNote link={link} />
      <p className="small soft">
        Ends <Moment at={until} />. You see here when it was opened.
      </p>
      {canShare ? (
        <Buttons>
          <Button kind="first" onPress={() => void share()}>
            Share
          </Button>
        </Buttons>
      ) : null}
    </>
  );
}

function HelperList({ notice }: { readonly notice: Notice }) {
  const { loaded } = useLoad(helpers.listHelpers, { params: { notice: notice.id } });
  if (loaded.state !== 'ready') return null;
  const held = loaded.data.items.filter(({ revokedAt }) => revokedAt === null);
  if (held.length === 0) return null;
  return (
    <ul className="helpers small">
      {held.map((helper) => (
        <li key={helper.id}>
          <HelperLine notice={notice} helper={helper} />
        </li>
      ))}
    </ul>
  );
}

function HelperLine({ notice, helper }: { readonly notice: Notice; readonly helper: Helper }) {
  const { act, busy, problem } = useAct(helpers.revokeHelper);
  return (
    <>
      <span>
        <strong>{helper.party?.name ?? helper.name}</strong>{' '}
        <span className="soft">
          <State helper={helper} />
        </span>
      </span>
      <Button
        kind="quiet"
        busy={busy && 'Taking back…'}
        label={`Take the card back from ${helper.party?.name ?? helper.name}`}
        onPress={() => act({ params: { notice: notice.id, helper: helper.id } }, () => {})}
      >
        Take back
      </Button>
      {problem === null ? null : <ProblemNote problem={problem} />}
    </>
  );
}

function State({ helper }: { readonly helper: Helper }) {
  if (helper.reportedAt !== null) {
    return (
      <>
        reported <Ago at={helper.reportedAt} />
      </>
    );
  }
  if (helper.openedAt !== null) {
    return (
      <>
        opened it <Ago at={helper.openedAt} />
      </>
    );
  }
  return helper.kind === 'party' ? <>has it among their own cards</> : <>has not opened it yet</>;
}
