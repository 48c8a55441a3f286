import type { GatewayRequest } from '@breakwater/contract';
import { gateway } from '@breakwater/contract';
import { useState } from 'react';
import { Button, Buttons } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextArea, TextField } from '../../ui/field.tsx';
import { useSay } from '../../ui/toast.tsx';
import { ActForm } from '../session/act-form.tsx';
import { useAct } from '../session/server.ts';
import { wholeOf } from './upstream-draft.ts';

/** Gives back what was counted in full because nobody had the figures; as the developer. */
export function CorrectIt({ request }: { readonly request: GatewayRequest }) {
  const say = useSay();
  const { act, busy, problem } = useAct(gateway.correct);
  const [open, setOpen] = useState(false);
  const [tokensIn, setTokensIn] = useState(String(request.settled.inputTokens));
  const [tokensOut, setTokensOut] = useState(String(request.settled.outputTokens));
  const [reason, setReason] = useState('');
  const body = gateway.correct.body.safeParse({
    inputTokens: wholeOf(tokensIn),
    outputTokens: wholeOf(tokensOut),
    reason,
  });
  if (request.figures !== 'none' && request.figures !== 'lost') return null;
  return (
    <div className="mt-4">
      <Buttons>
        <Button onPress={() => setOpen(true)}>Correct what was counted</Button>
      </Buttons>
      {open ? (
        <Dialog
          open
          onClose={() => setOpen(false)}
          title="Correct what was counted"
          lede="All that was set aside was counted, since nobody had the figures. What you give here counts instead; the other side reads it."
        >
          <ActForm
            label="Correct it"
            busy={busy}
            problem={problem}
            reason={body.success ? null : 'Give both numbers, and say why.'}
            onSubmit={() => {
              if (!body.success) return;
              act({ params: { request: request.id }, body: body.data }, () => {
                setOpen(false);
                say('Corrected.');
              });
            }}
          >
            <TextField label="Tokens in" value={tokensIn} onChange={setTokensIn} exact />
            <TextField label="Tokens out" value={tokensOut} onChange={setTokensOut} exact />
            <TextArea label="Why" value={reason} onChange={setReason} rows={2} />
          </ActForm>
        </Dialog>
      ) : null}
    </div>
  );
}
