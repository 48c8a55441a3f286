import type { Authorization, Control } from '@breakwater/contract';
import { authorizations } from '@breakwater/contract';
import { useState } from 'react';
import { Badge } from '../../ui/badge.tsx';
import { Button, Buttons } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { useSay } from '../../ui/toast.tsx';
import { ActForm } from '../session/act-form.tsx';
import { Show } from '../session/problem-note.tsx';
import { useAct, usePages } from '../session/server.ts';
import { AuthorizationFacts } from './authorization-facts.tsx';
import { AuthorizationForm } from './authorization-form.tsx';
import { Targets } from './scope-shown.tsx';
import { authorizationStateWords, methodsWords } from './words.ts';

/** What one allowed on a target: each as it stands, and a way to write another. */
export function Authorizations({ control }: { readonly control: Control }) {
  const { target } = control;
  const [writing, setWriting] = useState(false);
  const pages = usePages([authorizations.authorizations.id, target, 'mine'], (client, after) =>
    client.call(authorizations.authorizations, {
      query: { target, which: 'mine', ...(after === undefined ? {} : { after }) },
    }),
  );
  return (
    <>
      <Show what="your authorizations" {...pages}>
        {(items) =>
          items.length === 0 ? (
            <p className="soft small">
              Nothing is allowed here yet. On a live system that means nobody may do anything.
            </p>
          ) : (
            <ol className="authorization-cards">
              {items.map((item) => (
                <li key={item.id}>
                  <AuthorizationCard item={item} />
                </li>
              ))}
            </ol>
          )
        }
      </Show>
      <Buttons>
        {pages.more.has ? (
          <Button busy={pages.more.loading && 'Loading…'} onPress={pages.more.load}>
            More
          </Button>
        ) : null}
        <Button onPress={() => setWriting(true)}>Write an authorization</Button>
      </Buttons>
      {writing ? (
        <Dialog
          open
          onClose={() => setWriting(false)}
          title="Write an authorization"
          lede="It says who may do what, when, how fast and when never. What it does not say is not allowed."
        >
          <AuthorizationForm target={target} onDone={() => setWriting(false)} />
        </Dialog>
      ) : null}
    </>
  );
}

function AuthorizationCard({ item }: { readonly item: Authorization }) {
  const [open, setOpen] = useState<'change' | 'revoke' | null>(null);
  const done = () => setOpen(null);
  const [word, tone] = authorizationStateWords[item.state];
  return (
    <article className="authorization-card" aria-label={`Authorization for ${item.targets[0]}`}>
      <p className="claim-time">
        <Badge tone={tone}>{word}</Badge>
        <strong>{item.methods.length === 0 ? 'no method' : methodsWords(item.methods)}</strong>
      </p>
      <AuthorizationFacts item={item} />
      {item.state === 'revoked' ? null : (
        <Buttons>
          <Button onPress={() => setOpen('change')}>Change</Button>
          <Button kind="danger" onPress={() => setOpen('revoke')}>
            Take back
          </Button>
        </Buttons>
      )}
      {open === 'change' ? (
        <Dialog
          open
          onClose={done}
          title="Change the authorization"
          lede="What you write takes the place of what stands, and counts from now on."
        >
          <AuthorizationForm target={item.targets[0] ?? ''} standing={item} onDone={done} />
        </Dialog>
      ) : null}
      {open === 'revoke' ? <Revoke item={item} onDone={done} /> : null}
    </article>
  );
}

interface RevokeProps {
  readonly item: Authorization;
  readonly onDone: () => void;
}

function Revoke({ item, onDone }: RevokeProps) {
  const say = useSay();
  const { act, busy, problem } = useAct(authorizations.revokeAuthorization);
  return (
    <Dialog
      open
      onClose={onDone}
      title="Take it back?"
      lede="It counts from now on: nobody may begin or go on under it."
    >
      <ActForm
        label="Take back"
        busy={busy}
        problem={problem}
        danger
        onSubmit={() =>
          act({ params: { authorization: item.id } }, () => {
            say('Taken back.');
            onDone();
          })
        }
      >
        <Targets targets={item.targets} />
      </ActForm>
    </Dialog>
  );
}
