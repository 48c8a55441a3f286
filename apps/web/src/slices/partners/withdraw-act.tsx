import { partners } from '@breakwater/contract';
import { useState } from 'react';
import { Button, Buttons } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { useSay } from '../../ui/toast.tsx';
import { ActForm } from '../session/act-form.tsx';
import { useAct } from '../session/server.ts';
import { type OwnProps, speaking } from './own-application.ts';

/** Takes an application back, after one more question. */
export function WithdrawAct({ application, token }: OwnProps) {
  const say = useSay();
  const { act, busy, problem } = useAct(partners.withdraw);
  const [asking, setAsking] = useState(false);
  const close = () => setAsking(false);
  return (
    <>
      <Buttons>
        <Button kind="danger" onPress={() => setAsking(true)}>
          Withdraw
        </Button>
      </Buttons>
      {asking ? (
        <Dialog
          open
          onClose={close}
          title="Withdraw the application"
          lede="Nobody asks why. It cannot be taken back; you may apply anew."
        >
          <ActForm
            label="Withdraw"
            danger
            busy={busy}
            problem={problem}
            onSubmit={() =>
              act({ params: { application: application.id }, body: speaking(token) }, () => {
                close();
                say('Withdrawn.');
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
