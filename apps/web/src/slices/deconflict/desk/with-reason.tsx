import type { Problem } from '@breakwater/contract';
import { useState } from 'react';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { TextArea } from '../../../ui/field.tsx';
import { ActForm } from '../../session/act-form.tsx';

interface WithReasonProps {
  /** What is done, on the button and in the form. */
  readonly act: string;
  /** The same with what it is done to, for who does not see where the button stands. */
  readonly name: string;
  readonly title: string;
  readonly lede: string;
  readonly busy: boolean;
  readonly problem: Problem | null;
  readonly onSend: (reason: string, done: () => void) => void;
}

/** An act of a coordinator against somebody's word, which needs a reason that this one reads. */
export function WithReason({ act, name, title, lede, busy, problem, onSend }: WithReasonProps) {
  const [asking, setAsking] = useState(false);
  const [reason, setReason] = useState('');
  const close = () => setAsking(false);
  return (
    <>
      <Button kind="danger" label={name} onPress={() => setAsking(true)}>
        {act}
      </Button>
      {asking ? (
        <Dialog open onClose={close} title={title} lede={lede}>
          <ActForm
            label={act}
            busy={busy}
            problem={problem}
            danger
            reason={reason.trim().length < 3 ? 'Say why first.' : null}
            onSubmit={() => onSend(reason.trim(), close)}
          >
            <TextArea
              label="Why"
              hint="Whoever it is about reads it: name nobody who should not be known to them."
              value={reason}
              onChange={setReason}
              rows={3}
              maxLength={4_000}
            />
          </ActForm>
        </Dialog>
      ) : null}
    </>
  );
}
