import { correlate } from '@breakwater/contract';
import type { Id } from '@breakwater/kernel';
import { useState } from 'react';
import { pathTo } from '../../../app/paths.ts';
import { Check, TextArea } from '../../../ui/field.tsx';
import { countWords } from '../../../ui/size.ts';
import { useSay } from '../../../ui/toast.tsx';
import { ActForm } from '../../session/act-form.tsx';
import { useGo } from '../../session/go.ts';
import { Show } from '../../session/problem-note.tsx';
import { useAct, useLoad } from '../../session/server.ts';
import type { ActProps } from './act.ts';
import { useRevisionOf } from './act.ts';

/** Moves findings out into a case of their own, because they have another root cause. */
export function Split({ shown, onDone }: ActProps) {
  const say = useSay();
  const go = useGo();
  const findings = useLoad(correlate.findings, { params: { case: shown.id } });
  const { act, busy, problem } = useAct(correlate.split);
  const seen = useRevisionOf(shown, problem);
  const [out, setOut] = useState<readonly Id<'finding'>[]>([]);
  const [reason, setReason] = useState('');
  const all = findings.loaded.state === 'ready' ? findings.loaded.data.members.length : 0;
  const missing =
    out.length === 0
      ? 'Choose a finding first.'
      : out.length === all
        ? 'Leave at least one finding here.'
        : reason.trim().length < 3
          ? 'Say why they are another root cause first.'
          : null;
  return (
    <ActForm
      label="Split"
      busy={busy}
      problem={problem}
      reason={missing}
      onSubmit={() => {
        const body = { findings: [...out], reason: reason.trim(), ...seen };
        act({ params: { case: shown.id }, body }, (made) => {
          say('Split. It can be undone under Merges and splits.');
          onDone();
          go(pathTo('case', { case: made.case }));
        });
      }}
    >
      <Show what="the findings" {...findings}>
        {({ members }) => (
          <fieldset className="field">
            <legend>Findings of another root cause</legend>
            {members.map(({ finding }) => (
              <Check
                key={finding.id}
                label={`“${finding.title}”`}
                more={`${finding.reporter?.name ?? 'a reporter you may not know'}, version ${finding.version}`}
                checked={out.includes(finding.id)}
                onChange={(on) =>
                  setOut(on ? [...out, finding.id] : out.filter((id) => id !== finding.id))
                }
              />
            ))}
          </fieldset>
        )}
      </Show>
      {out.length === 0 || out.length === all ? null : (
        <p className="small soft">
          {countWords(out.length, 'finding')} will make a new case; {all - out.length} stay here.
          The reporters of both keep seeing their own. It can be undone.
        </p>
      )}
      <TextArea
        label="Why they are another root cause"
        value={reason}
        onChange={setReason}
        rows={3}
        maxLength={4_000}
      />
    </ActForm>
  );
}
