import type { Output } from '@breakwater/contract';
import { directory } from '@breakwater/contract';
import { useState } from 'react';
import { TextField } from '../../ui/field.tsx';
import { Time } from '../../ui/moment.tsx';
import { Note } from '../../ui/note.tsx';
import { Page } from '../../ui/page.tsx';
import { Section } from '../../ui/section.tsx';
import { ActForm } from './act-form.tsx';
import { Download } from './download.tsx';
import { useMe } from './me.ts';
import type { Screen } from './screen.ts';
import { useAct } from './server.ts';

export const screen: Screen = { Page: LeavePage };

/** Leaving is one act, without reason and without penalty; the party's data goes along. */
function LeavePage() {
  const me = useMe();
  const [left, setLeft] = useState<Output<typeof directory.leave> | null>(null);
  if (left !== null) return <Left left={left} />;
  if (me === null) return null;
  return (
    <Page
      title="Leave"
      lede="With your whole party, at any time, without a reason. What you handed in comes with you."
      width="narrow"
    >
      <Section
        id="export"
        title="Your data"
        lede="Everything your party handed in, and may see of its own, in open formats."
      >
        <Download operation={directory.exportOwn} input={{}} fileName="breakwater-export.zip">
          Download it now
        </Download>
      </Section>
      <Section
        id="leave"
        title="Leave with the whole party"
        lede="Every member’s way in ends at once, every key too. What is in the log stays in the log. It cannot be taken back."
      >
        <Leave name={me.party.name} onLeft={setLeft} />
      </Section>
    </Page>
  );
}

interface LeaveProps {
  readonly name: string;
  readonly onLeft: (left: Output<typeof directory.leave>) => void;
}

function Leave({ name, onLeft }: LeaveProps) {
  const { act, busy, problem } = useAct(directory.leave);
  const [confirm, setConfirm] = useState('');
  return (
    <ActForm
      label="Leave for good"
      busy={busy}
      problem={problem}
      danger
      reason={confirm.trim() === name ? null : 'Write the name of your party first.'}
      onSubmit={() => act({ body: { confirm: confirm.trim() } }, onLeft)}
    >
      <TextField
        label="Name of your party"
        hint={`As it is shown: ${name}`}
        value={confirm}
        onChange={setConfirm}
        maxLength={300}
      />
    </ActForm>
  );
}

/** What is left to do: the data can be fetched once, without signing in. */
function Left({ left }: { readonly left: Output<typeof directory.leave> }) {
  return (
    <Page title="You have left" width="narrow">
      <Note tone="held" title="Your data" role="status">
        <p className="small">
          It can be fetched once, until <Time at={left.exportUntil} />. Fetch it before you close
          this page: nobody can sign in for your party any more.
        </p>
        <Download
          operation={directory.fetchExport}
          input={{ body: { token: left.exportToken } }}
          fileName="breakwater-export.zip"
        >
          Download everything
        </Download>
      </Note>
    </Page>
  );
}
