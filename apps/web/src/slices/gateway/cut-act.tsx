import type { Cut, GatewayKey } from '@breakwater/contract';
import { gateway } from '@breakwater/contract';
import { useState } from 'react';
import { BigAct } from '../../ui/big-act.tsx';
import { TextArea } from '../../ui/field.tsx';
import { Time } from '../../ui/moment.tsx';
import { countWords } from '../../ui/size.ts';
import { useSay } from '../../ui/toast.tsx';
import { ProblemNote } from '../session/problem-note.tsx';
import { useAct } from '../session/server.ts';

interface CutActProps {
  readonly of: Cut['of'];
  /** What is cut off, in words. */
  readonly label: string;
  /** The keys that it stops now. */
  readonly stops: readonly GatewayKey[];
  /** That it is cut off already; null: it is not. */
  readonly standing: Cut | null;
}

/** Cuts something off at once: what that stops stands there first. */
export function CutAct({ of, label, stops, standing }: CutActProps) {
  const say = useSay();
  const { act, busy, problem } = useAct(gateway.cut);
  const [reason, setReason] = useState('');
  const [lacks, setLacks] = useState<string | null>(null);
  function send(): void {
    const said = reason.trim();
    setLacks(said === '' ? 'Give a reason: whoever is cut off reads it.' : null);
    if (said !== '') act({ body: { of, reason: said } }, () => say(`Cut off: ${label}.`));
  }
  if (standing !== null) {
    return (
      <p className="big-act-done">
        <span>
          Cut off, <Time at={standing.at} />
        </span>
      </p>
    );
  }
  return (
    <BigAct
      act="Cut off now"
      does={stopsWords(stops)}
      first
      ask={`Cut off ${label}?`}
      follows={[
        stopsWords(stops),
        'Answers under way by them break off within a second, on every process.',
        'Keys that are issued on it later are cut off as well.',
        'What was used until then stays counted and recorded.',
        'You can take it back: what has not ended then works again.',
      ]}
      onDo={send}
      isSending={busy}
      trouble={
        <>
          <TextArea
            label="Why"
            hint="Those who are cut off read it."
            value={reason}
            onChange={setReason}
            rows={2}
            error={lacks}
          />
          {problem === null ? null : <ProblemNote problem={problem} />}
        </>
      }
    />
  );
}

/** `3 keys of 2 people at 1 partner stop working.` */
export function stopsWords(stops: readonly GatewayKey[]): string {
  if (stops.length === 0) return 'No key works by it now; none will from now on.';
  const people = new Set(stops.map(({ holder }) => holder.id)).size;
  const parties = new Set(stops.map(({ party }) => party.id)).size;
  const whose = `${countWords(people, 'person', 'people')} at ${countWords(parties, 'partner')}`;
  return `${countWords(stops.length, 'key')} of ${whose} ${stops.length === 1 ? 'stops' : 'stop'} working.`;
}
