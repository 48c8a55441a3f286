import { earlyAccess } from '@breakwater/contract';
import type { Id, Instant } from '@breakwater/kernel';
import { useState } from 'react';
import { BigAct } from '../../ui/big-act.tsx';
import { Time } from '../../ui/moment.tsx';
import { useSay } from '../../ui/toast.tsx';
import { ProblemNote } from '../session/problem-note.tsx';
import { useAct } from '../session/server.ts';

interface EndNowProps {
  readonly id: Id<'window'>;
  readonly endedAt: Instant | null;
}

/** Ends a window at once: it needs the id alone, and waits for nothing that is read. */
export function EndNow({ id, endedAt }: EndNowProps) {
  const say = useSay();
  const { act, busy, problem } = useAct(earlyAccess.end);
  // Told with the answer to the act: what else the page reads may not come.
  const [ended, setEnded] = useState<Instant | null>(null);
  const at = endedAt ?? ended;
  if (at !== null) {
    return (
      <p>
        You ended it, <Time at={at} />.
      </p>
    );
  }
  return (
    <BigAct
      act="End the window now"
      does="At once, without a reason. The engagement goes on."
      ask="End this window now?"
      follows={[
        'Nobody of the Government reaches the model by it any more, within seconds.',
        'Whoever used it owes the return or destruction of what was taken, attested.',
        'The days that are left are not lost: another window may use them.',
        'It cannot be opened again; you can open another.',
      ]}
      onDo={() =>
        act({ params: { window: id }, body: {} }, (answer) => {
          setEnded(answer.endedAt);
          say('The window has ended.');
        })
      }
      isSending={busy}
      trouble={problem === null ? null : <ProblemNote problem={problem} />}
    />
  );
}
