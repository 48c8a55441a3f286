import { example } from '@breakwater/contract';
import { useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Note } from '../../ui/note.tsx';
import { useSay } from '../../ui/toast.tsx';
import { ActForm } from '../session/act-form.tsx';
import { useAct, useLoad } from '../session/server.ts';

/** Says that the example is among the cases, and takes it away; nothing where it is not. */
export function LoadedExample() {
  const { loaded } = useLoad(example.get, {}, { againWhile: ({ state }) => state === 'loading' });
  const [asking, setAsking] = useState(false);
  if (loaded.state !== 'ready') return null;
  const { state, steps } = loaded.data;
  if (state !== 'loaded' && state !== 'failed') return null;
  return (
    <Note title={state === 'loaded' ? 'The example is among these cases' : 'The example came half'}>
      <p className="small">
        {steps.join(', ')}.{' '}
        {state === 'loaded'
          ? 'Remove it before real findings come in.'
          : 'Its loading stopped on the way: remove it, then load it again.'}
      </p>
      <Button onPress={() => setAsking(true)}>Remove the example</Button>
      {asking ? <Remove onDone={() => setAsking(false)} /> : null}
    </Note>
  );
}

function Remove({ onDone }: { readonly onDone: () => void }) {
  const { act, busy, problem } = useAct(example.remove);
  const say = useSay();
  return (
    <Dialog
      open
      onClose={onDone}
      title="Remove the example?"
      lede="Its cases, findings, advisories and lists go from everybody’s sight. Its content is erased. Its recipes stay, and so do its entries in the log. Nothing that anybody else handed in goes with it."
    >
      <ActForm
        label="Remove the example"
        busy={busy}
        problem={problem}
        danger
        onSubmit={() =>
          act({}, () => {
            say('The example is removed.');
            onDone();
          })
        }
      >
        {null}
      </ActForm>
    </Dialog>
  );
}
