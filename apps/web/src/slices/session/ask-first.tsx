import type { Problem } from '@breakwater/contract';
import { useState } from 'react';
import { Button, type ButtonKind } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ActForm } from './act-form.tsx';

interface AskFirstProps {
  /** What the button says that asks; `name`, for a screen reader, of what. */
  readonly words: string;
  readonly name?: string;
  readonly kind?: ButtonKind;
  readonly title: string;
  /** What follows. */
  readonly lede: string;
  /** What the button says that does it. */
  readonly does: string;
  readonly busy: boolean;
  readonly problem: Problem | null;
  /** Does it; `close` once it is done. */
  readonly onDo: (close: () => void) => void;
}

/** An act that needs nothing but a second thought: says what follows, and then does it. */
export function AskFirst(props: AskFirstProps) {
  const { words, name, kind = 'plain', title, lede, does, busy, problem, onDo } = props;
  const [asking, setAsking] = useState(false);
  const close = () => setAsking(false);
  return (
    <>
      <Button kind={kind} {...(name && { label: name })} onPress={() => setAsking(true)}>
        {words}
      </Button>
      {asking ? (
        <Dialog open onClose={close} title={title} lede={lede}>
          <ActForm
            label={does}
            danger={kind === 'danger'}
            busy={busy}
            problem={problem}
            onSubmit={() => onDo(close)}
          >
            {null}
          </ActForm>
        </Dialog>
      ) : null}
    </>
  );
}
