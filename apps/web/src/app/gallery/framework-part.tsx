import { useState } from 'react';
import { AgainstThreshold } from '../../ui/against-threshold.tsx';
import { BigAct } from '../../ui/big-act.tsx';
import { DayClock } from '../../ui/day-clock.tsx';
import { OwedBy } from '../../ui/owed.tsx';
import { QuotaBar } from '../../ui/quota-bar.tsx';
import { Redline } from '../../ui/redline.tsx';
import { useSay } from '../../ui/toast.tsx';
import { Told } from '../../ui/told.tsx';

const day = 86_400_000;
const percent = (value: number): string => `${Math.round(value * 100)} %`;

interface FrameworkPartProps {
  /** Two regions of one name on a page cannot be told apart by ear. */
  readonly scheme: string;
}

export function FrameworkPart({ scheme }: FrameworkPartProps) {
  const [now] = useState(() => Date.now());
  const say = useSay();
  return (
    <div className="grid gap-5">
      <BigAct
        act="Do it now"
        does="What it does, in a line."
        first
        ask="Do it now?"
        follows={['This follows.', 'And this does not.']}
        onDo={() => say('It would be done.')}
        isSending={false}
      />
      <AgainstThreshold
        title="Across"
        low={0.31}
        high={0.74}
        estimate={0.52}
        threshold={0.6}
        from={0}
        to={1}
        words={percent}
        level="95 %"
      />
      <AgainstThreshold
        title="Above, near the end"
        low={0.88}
        high={1}
        estimate={0.96}
        threshold={0.6}
        from={0}
        to={1}
        words={percent}
        level="95 %"
      />
      <QuotaBar
        title="Tokens"
        used={620}
        held={180}
        limit={1_000}
        left={200}
        words={String}
        more="All of it again in 4 hours."
      />
      <DayClock
        title={`Days, ${scheme}`}
        before={7}
        now={4}
        ahead={9}
        of={30}
        ends={new Date(now + 9.2 * day).toISOString()}
        zone="America/Los_Angeles"
      />
      <Told
        label="What happened"
        facts={[
          { key: 'a', words: 'One thing.', at: new Date(now - 3 * day).toISOString() },
          { key: 'b', words: 'Another.', at: new Date(now - day / 3).toISOString() },
        ]}
      />
      <OwedBy
        title="You owe"
        nothing="Nothing."
        items={[
          { key: 'a', what: 'An answer to the terms', when: 'since Monday', isDone: false },
          { key: 'b', what: 'A plan', isDone: true },
        ]}
      />
      <Redline
        parts={[
          { change: 'same', text: 'Kept for ' },
          { change: 'removed', text: '30' },
          { change: 'added', text: '14' },
          { change: 'same', text: ' days, then destroyed, and attested.' },
        ]}
      />
    </div>
  );
}
