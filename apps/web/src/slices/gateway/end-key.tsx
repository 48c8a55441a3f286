import type { GatewayKey } from '@breakwater/contract';
import { gateway } from '@breakwater/contract';
import { useState } from 'react';
import { Button, Buttons } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { useSay } from '../../ui/toast.tsx';
import { ActForm } from '../session/act-form.tsx';
import { useAct } from '../session/server.ts';

/** Ends a key of one's own party for good. */
export function EndKey({ gkey: { id, endedAt } }: { readonly gkey: GatewayKey }) {
  const say = useSay();
  const { act, busy, problem } = useAct(gateway.endKey);
  const [asking, setAsking] = useState(false);
  const close = () => setAsking(false);
  if (endedAt !== null) return null;
  return (
    <>
      <Buttons>
        <Button kind="danger" onPress={() => setAsking(true)}>
          End this key
        </Button>
      </Buttons>
      {asking ? (
        <Dialog
          open
          onClose={close}
          title="End this key"
          lede="At once and for good: answers under way by it break off. What it did not use is free for another key."
        >
          <ActForm
            label="End it"
            danger
            busy={busy}
            problem={problem}
            onSubmit={() =>
              act({ params: { gkey: id }, body: {} }, () => {
                close();
                say('The key has ended.');
              })
            }
          >
            {null}
          </ActForm>
        </Dialog>
      ) : null}
    </>
  );
}
