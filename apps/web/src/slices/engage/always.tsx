import { engage } from '@breakwater/contract';
import type { Id, Instant } from '@breakwater/kernel';
import { useState } from 'react';
import { BigAct } from '../../ui/big-act.tsx';
import { Time } from '../../ui/moment.tsx';
import { useSay } from '../../ui/toast.tsx';
import { ProblemNote } from '../session/problem-note.tsx';
import { useAct } from '../session/server.ts';

interface AlwaysProps {
  readonly id: Id<'engagement'>;
  /** null: not known yet, or never to be known; both acts work all the same. */
  readonly codename: string | null;
  readonly releasedAt: Instant | null;
  readonly leftAt: Instant | null;
}

/**
 * The two acts that nothing may stand before: they need the engagement's id from the address and
 * nothing that was read, so they are there while the page loads and when all else goes wrong.
 */
export function Always({ id, codename, releasedAt, leftAt }: AlwaysProps) {
  // Told with the answer to the act: what else the page reads may not come.
  const [released, setReleased] = useState<Instant | null>(null);
  const [left, setLeft] = useState<Instant | null>(null);
  const [whenReleased, whenLeft] = [releasedAt ?? released, leftAt ?? left];
  return (
    <section className="always no-print" aria-label="Always yours to do">
      {whenReleased === null ? (
        <Release id={id} name={codename ?? 'the model'} onDone={setReleased} />
      ) : (
        <Done title="Released" at={whenReleased} more="You stated it; nobody was asked." />
      )}
      {whenLeft === null ? (
        <Leave id={id} onDone={setLeft} />
      ) : (
        <Done title="Left" at={whenLeft} more="You gave no reason, and owe none." />
      )}
    </section>
  );
}

interface DoneProps {
  readonly title: string;
  readonly at: Instant;
  readonly more: string;
}

function Done({ title, at, more }: DoneProps) {
  return (
    <div className="big-act">
      <p className="big-act-done">{title}</p>
      <p className="small soft">
        <Time at={at} />. {more}
      </p>
    </div>
  );
}

interface LeaveProps {
  readonly id: Id<'engagement'>;
  readonly onDone: (at: Instant) => void;
}

interface ReleaseProps extends LeaveProps {
  readonly name: string;
}

function Release({ id, name, onDone }: ReleaseProps) {
  const say = useSay();
  const { act, busy, problem } = useAct(engage.release);
  return (
    <BigAct
      act="Release now"
      does="States that you release the model. Works at any moment; nobody is asked."
      first
      ask={`Release ${name} now?`}
      follows={[
        'It is stated here that you release the model now. Nobody has to answer.',
        'Every window on the model ends, and every key to it is cut.',
        'The Government owes the return or destruction of its copies, attested to you.',
        'The statement stays in the log; it cannot be taken back.',
      ]}
      onDo={() =>
        act({ params: { engagement: id }, body: {} }, ({ at }) => {
          onDone(at);
          say('Released.');
        })
      }
      isSending={busy}
      trouble={problem === null ? null : <ProblemNote problem={problem} />}
    />
  );
}

function Leave({ id, onDone }: LeaveProps) {
  const say = useSay();
  const { act, busy, problem } = useAct(engage.leave);
  return (
    <BigAct
      act="Leave"
      does="Ends the engagement, without a reason. Works at any moment."
      ask="Leave this engagement?"
      follows={[
        'You give no reason, and nothing anywhere else changes for you.',
        'Every window of it ends, and every key is cut.',
        'The Government owes the return or destruction of its copies, attested to you.',
        'What you wrote you can erase afterwards; that you were here stays in the log.',
        'You can open another engagement later. Days of early access that were used stay used.',
      ]}
      onDo={() =>
        act({ params: { engagement: id }, body: {} }, ({ at }) => {
          onDone(at);
          say('You have left.');
        })
      }
      isSending={busy}
      trouble={problem === null ? null : <ProblemNote problem={problem} />}
    />
  );
}
