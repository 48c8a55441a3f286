import type { AccessWindow } from '@breakwater/contract';
import { earlyAccess } from '@breakwater/contract';
import { useState } from 'react';
import { Dialog } from '../../ui/dialog.tsx';
import { fullMoment } from '../../ui/time.ts';
import { useSay } from '../../ui/toast.tsx';
import { instantOf, localOf, MomentField } from '../deconflict/moment-field.tsx';
import { ActForm } from '../session/act-form.tsx';
import { useAct } from '../session/server.ts';

interface ShortenProps {
  readonly window: AccessWindow;
  readonly onDone: () => void;
}

/** Lets a window end earlier than it would; never later. */
export function Shorten({ window: { id, ends, zone }, onDone }: ShortenProps) {
  const say = useSay();
  const { act, busy, problem } = useAct(earlyAccess.shorten);
  const [given, setGiven] = useState(localOf(ends, zone));
  const at = instantOf(given, zone);
  const isEarlier = at !== null && at < ends;
  return (
    <Dialog
      open
      onClose={onDone}
      title="Shorten the window"
      lede={`It ends ${fullMoment(ends, zone)} now. An earlier hour holds at once, and cannot be moved back.`}
    >
      <ActForm
        label="Shorten it"
        busy={busy}
        problem={problem}
        reason={isEarlier ? null : 'Give an earlier hour first.'}
        onSubmit={() => {
          if (at === null) return;
          act({ params: { window: id }, body: { ends: at } }, () => {
            say('Shortened.');
            onDone();
          });
        }}
      >
        <MomentField label="It ends" value={given} zone={zone} onChange={setGiven} />
      </ActForm>
    </Dialog>
  );
}
