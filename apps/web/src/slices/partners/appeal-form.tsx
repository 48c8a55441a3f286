import { partners } from '@breakwater/contract';
import { useState } from 'react';
import { TextArea } from '../../ui/field.tsx';
import { Time } from '../../ui/moment.tsx';
import { useSay } from '../../ui/toast.tsx';
import { ActForm } from '../session/act-form.tsx';
import { useAct } from '../session/server.ts';
import { type OwnProps, speaking } from './own-application.ts';

/** Appeals, once. */
export function AppealForm({ application, token }: OwnProps) {
  const say = useSay();
  const { act, busy, problem } = useAct(partners.appeal);
  const [reason, setReason] = useState('');
  const { id, appealUntil } = application;
  return (
    <>
      {appealUntil === null ? null : (
        <p className="small mb-4">
          You may until <Time at={appealUntil} />.
        </p>
      )}
      <ActForm
        label="Appeal"
        busy={busy}
        problem={problem}
        reason={reason.trim().length < 3 ? 'Say why first.' : null}
        onSubmit={() =>
          act(
            { params: { application: id }, body: { reason: reason.trim(), ...speaking(token) } },
            () => say('Your appeal is in.'),
          )
        }
      >
        <TextArea
          label="What was judged wrongly"
          hint="Name the criterion, and what was not seen."
          value={reason}
          onChange={setReason}
          rows={5}
          maxLength={4_000}
        />
      </ActForm>
    </>
  );
}
