import { correlate } from '@breakwater/contract';
import type { Id } from '@breakwater/kernel';
import { useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextArea } from '../../ui/field.tsx';
import { useSay } from '../../ui/toast.tsx';
import { ActForm } from '../session/act-form.tsx';
import { useMay } from '../session/me.ts';
import { useAct } from '../session/server.ts';

interface UndoJoinProps {
  readonly join: Id<'decision'>;
  readonly kind: 'merge' | 'split';
}

/** Takes a merge or split back: the findings return to where they stood. */
export function UndoJoin({ join, kind }: UndoJoinProps) {
  const may = useMay();
  const say = useSay();
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState('');
  const { act, busy, problem } = useAct(correlate.undo);
  if (!may(correlate.undo)) return null;
  return (
    <>
      <Button kind="quiet" onPress={() => setOpen(true)}>
        Undo this {kind}
      </Button>
      <Dialog
        open={open}
        onClose={() => setOpen(false)}
        title={`Undo this ${kind}`}
        lede="The findings return to the cases they came from. That it was done and undone stays in the log."
      >
        <ActForm
          label={`Undo the ${kind}`}
          busy={busy}
          problem={problem}
          reason={reason.trim().length < 3 ? 'Say why first.' : null}
          onSubmit={() =>
            act({ params: { join }, body: { reason: reason.trim() } }, () => {
              setOpen(false);
              say('Undone.');
            })
          }
        >
          <TextArea label="Why" value={reason} onChange={setReason} rows={3} maxLength={4_000} />
        </ActForm>
      </Dialog>
    </>
  );
}
