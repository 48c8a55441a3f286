import type { Standing, Waiting } from '@breakwater/contract';
import { coordinate, owner } from '@breakwater/contract';
import type { Id } from '@breakwater/kernel';
import { useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextArea } from '../../ui/field.tsx';
import { Ago } from '../../ui/moment.tsx';
import { Quote } from '../../ui/quote.tsx';
import { useSay } from '../../ui/toast.tsx';
import { ActForm } from '../session/act-form.tsx';
import { useMay } from '../session/me.ts';
import { Show } from '../session/problem-note.tsx';
import { useAct, useLoad } from '../session/server.ts';

/** Who takes part, as far as the reader may know; and for a coordinator, who is still to come. */
export function Participants({ id }: { readonly id: Id<'case'> }) {
  const { loaded, reload } = useLoad(coordinate.participants, { params: { case: id } });
  const may = useMay();
  return (
    <section aria-labelledby="participants-title">
      <h2 id="participants-title" className="rail-title">
        Participants
      </h2>
      <Show what="participants" loaded={loaded} reload={reload}>
        {({ items }) => (
          <ul className="people">
            {items.map((person) => (
              <li key={`${person.party.id} ${person.as}`}>
                <span>{person.party.name}</span> <span className="small faint">{person.as}</span>
                {person.reason === null ? null : (
                  <p className="small soft">
                    Told before the case was reproduced: <Quote text={person.reason} />
                  </p>
                )}
              </li>
            ))}
          </ul>
        )}
      </Show>
      {may(owner.standing) && !may(owner.acknowledge) ? <Standings id={id} /> : null}
      {may(owner.queue) ? <Queue id={id} /> : null}
    </section>
  );
}

const verdictWords = {
  affected: 'affected',
  'not-affected': 'not affected',
  'will-not-fix': 'will not be fixed',
  disputed: 'disputed',
} as const satisfies Record<NonNullable<Standing['verdict']>['is'], string>;

/** What each owner said; the owner owns the verdict, and reads it under its own answer. */
function Standings({ id }: { readonly id: Id<'case'> }) {
  const { loaded } = useLoad(owner.standing, { params: { case: id } });
  if (loaded.state !== 'ready') return null;
  return loaded.data.items.map((standing) => (
    <div key={standing.owner.id} className="standing small">
      <p>
        <strong>{standing.owner.name}</strong>{' '}
        {standing.verdict === null
          ? standing.acknowledgedAt === null
            ? 'has not answered yet'
            : 'has taken note'
          : `says: ${verdictWords[standing.verdict.is]}`}
        {standing.closedAt === null ? '' : '; closed on their side'}
      </p>
      {standing.verdict?.words == null ? null : (
        <p className="soft">
          <Quote text={standing.verdict.words} />
        </p>
      )}
    </div>
  ));
}

/** Owners for whose pace the case still waits. */
function Queue({ id }: { readonly id: Id<'case'> }) {
  const { loaded } = useLoad(owner.queue, { query: { case: id } });
  if (loaded.state !== 'ready') return null;
  return loaded.data.items.map((item) => <QueueItem key={item.owner.id} item={item} />);
}

function QueueItem({ item }: { readonly item: Waiting }) {
  const say = useSay();
  const { act, busy, problem } = useAct(owner.takeBack);
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState('');
  return (
    <div className="standing small">
      <p>
        Waits for the pace of <strong>{item.owner.name}</strong>: number {item.position} in their
        queue, since <Ago at={item.since} />.
      </p>
      <Button kind="quiet" onPress={() => setOpen(true)}>
        Take it back
      </Button>
      <Dialog
        open={open}
        onClose={() => setOpen(false)}
        title="Take it back"
        lede="The case leaves the queue. Nothing of it was shown to the owner."
      >
        <ActForm
          label="Take it back"
          busy={busy}
          problem={problem}
          reason={reason.trim().length < 3 ? 'Say why first.' : null}
          onSubmit={() => {
            const body = { party: item.owner.id, reason: reason.trim() };
            // An owner is always a party; the two that act without being one own nothing.
            if (body.party === 'administrator' || body.party === 'system') return;
            act({ params: { case: item.case }, body: { ...body, party: body.party } }, () => {
              setOpen(false);
              say('Taken back.');
            });
          }}
        >
          <TextArea label="Why" value={reason} onChange={setReason} rows={3} maxLength={4_000} />
        </ActForm>
      </Dialog>
    </div>
  );
}
