import type { Problem } from '@breakwater/contract';
import { useState } from 'react';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { TextArea } from '../../../ui/field.tsx';
import { ActForm } from '../../session/act-form.tsx';

interface WithReasonProps {
  /** What is done, on the button and in the form. */
  readonly act: string;
  /** The same with what it is done to, where the words on the button do not say it. */
  readonly name?: string;
  readonly title: string;
  readonly lede: string;
  /** It rules on what is said, instead of ending or striking something of somebody. */
  readonly ruling?: boolean;
  readonly busy: boolean;
  readonly problem: Problem | null;
  readonly onSend: (reason: string, done: () => void) => void;
}

/** An act of a coordinator that needs a reason; of one against somebody's word, they read it. */
export function WithReason(props: WithReasonProps) {
  const { act, name = act, title, lede, ruling = false, busy, problem, onSend } = props;
  const [asking, setAsking] = useState(false);
  const [reason, setReason] = useState('');
  const close = () => setAsking(false);
  return (
    <>
      <Button kind={ruling ? 'plain' : 'danger'} label={name} onPress={() => setAsking(true)}>
        {act}
      </Button>
      {asking ? (
        <Dialog open onClose={close} title={title} lede={lede}>
          <ActForm
            label={act}
            busy={busy}
            problem={problem}
            danger={!ruling}
            reason={reason.trim().length < 3 ? 'Say why first.' : null}
            onSubmit={() => onSend(reason.trim(), close)}
          >
            <TextArea
              label="Why"
              hint={
                ruling
                  ? 'It is kept with the decision.'
                  : 'Whoever it is about reads it: name nobody who should not be known to them.'
              }
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
