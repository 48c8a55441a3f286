import type { Control, Wishes } from '@breakwater/contract';
import { wishes } from '@breakwater/contract';
import { useState } from 'react';
import { Button, Buttons } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextArea } from '../../ui/field.tsx';
import { useSay } from '../../ui/toast.tsx';
import { ActForm } from '../session/act-form.tsx';
import { useBegunAt } from '../session/begun-at.ts';
import { useMe } from '../session/me.ts';
import { Show } from '../session/problem-note.tsx';
import { useAct, useLoad } from '../session/server.ts';
import { ReadWishes } from './read-wishes.tsx';
import { WishesForm } from './wishes-form.tsx';
import { WishesShown } from './wishes-shown.tsx';

/** What one wishes for a target: each statement about it, one's own to change. */
export function OwnWishes({ control }: { readonly control: Control }) {
  const { target } = control;
  const me = useMe();
  const read = useLoad(wishes.wishes, { query: { target } });
  const [open, setOpen] = useState<'form' | 'file' | null>(null);
  const done = () => setOpen(null);
  return (
    <Show what="your wishes" {...read}>
      {({ items }) => {
        const standing = items.filter(({ state }) => state !== 'withdrawn');
        const own = standing.find(
          (item) =>
            item.target === target &&
            item.source.form === 'form' &&
            item.source.by.id === me?.party.id,
        );
        return (
          <>
            {standing.length === 0 ? (
              <p className="soft small">
                You have stated none. Everybody who begins here then knows only what you publish
                elsewhere.
              </p>
            ) : (
              <ul className="owner-says">
                {standing.map((item) => (
                  <li key={item.id}>
                    <WishesShown item={item} />
                    {item.source.by.id === me?.party.id ? <Withdraw item={item} /> : null}
                  </li>
                ))}
              </ul>
            )}
            <Buttons>
              <Button
                reason={control.state === 'proven' ? null : 'You may once your control is proven.'}
                onPress={() => setOpen('form')}
              >
                {own === undefined ? 'Say what you wish' : 'Change your wishes'}
              </Button>
              <Button onPress={() => setOpen('file')}>Read a file you publish</Button>
            </Buttons>
            {open === 'form' ? (
              <Dialog
                open
                onClose={done}
                title="Your wishes"
                lede="Everybody who means to begin here reads them. An opt-out and quiet times count: nobody is granted a claim against them."
              >
                <WishesForm
                  target={target}
                  {...(own === undefined ? {} : { standing: own })}
                  onDone={done}
                />
              </Dialog>
            ) : null}
            {open === 'file' ? (
              <Dialog
                open
                onClose={done}
                title="Read a file you publish"
                lede="What is understood of it is shown before it is kept."
              >
                <ReadWishes target={target} onDone={done} />
              </Dialog>
            ) : null}
          </>
        );
      }}
    </Show>
  );
}

function Withdraw({ item }: { readonly item: Wishes }) {
  const [asking, setAsking] = useState(false);
  return (
    <>
      <Button kind="quiet" onPress={() => setAsking(true)}>
        Withdraw
      </Button>
      {asking ? (
        <Dialog
          open
          onClose={() => setAsking(false)}
          title="Withdraw these wishes?"
          lede="They count no longer from now on."
        >
          <WithdrawForm item={item} onDone={() => setAsking(false)} />
        </Dialog>
      ) : null}
    </>
  );
}

function WithdrawForm({ item, onDone }: { readonly item: Wishes; readonly onDone: () => void }) {
  const say = useSay();
  const { act, busy, problem } = useAct(wishes.withdrawWishes);
  const [reason, setReason] = useState('');
  const ifRevision = useBegunAt(item.revision, problem) ?? item.revision;
  return (
    <ActForm
      label="Withdraw"
      busy={busy}
      problem={problem}
      danger
      reason={reason.trim().length < 3 ? 'Say why first.' : null}
      now={<WishesShown item={item} />}
      onSubmit={() =>
        act({ params: { wishes: item.id }, body: { reason: reason.trim(), ifRevision } }, () => {
          say('Withdrawn.');
          onDone();
        })
      }
    >
      <TextArea label="Why" value={reason} onChange={setReason} rows={2} maxLength={4_000} />
    </ActForm>
  );
}
