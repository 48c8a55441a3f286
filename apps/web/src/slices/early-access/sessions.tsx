import type { AccessGrant } from '@breakwater/contract';
import { earlyAccess } from '@breakwater/contract';
import { useState } from 'react';
import { Button, Buttons } from '../../ui/button.tsx';
import { Command } from '../../ui/copy.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextArea } from '../../ui/field.tsx';
import { useSay } from '../../ui/toast.tsx';
import { ActForm } from '../session/act-form.tsx';
import { useAct } from '../session/server.ts';
import { UsesOf } from './uses.tsx';

interface SessionsProps {
  readonly grant: AccessGrant;
  readonly isOwn: boolean;
}

/** For what access was used; its person begins a session here or at the terminal. */
export function Sessions({ grant, isOwn }: SessionsProps) {
  const [beginning, setBeginning] = useState(false);
  return (
    <>
      <UsesOf grant={grant.id} />
      {isOwn ? (
        <div className="mt-3">
          <Buttons>
            <Button
              onPress={() => setBeginning(true)}
              reason={grant.active ? null : 'Your access is not active.'}
            >
              State a purpose and begin
            </Button>
          </Buttons>
          {grant.active ? (
            <>
              <p className="small soft mt-3">
                A run of a benchmark begins one by itself, with its purpose, and names model and
                endpoint too:
              </p>
              <Command
                text={`breakwater benchmark run <suite> --server ${location.origin} --grant ${grant.id} --purpose "<what for>"`}
              />
            </>
          ) : null}
        </div>
      ) : null}
      {beginning ? <BeginUse grant={grant} onDone={() => setBeginning(false)} /> : null}
    </>
  );
}

interface BeginUseProps {
  readonly grant: AccessGrant;
  readonly onDone: () => void;
}

function BeginUse({ grant, onDone }: BeginUseProps) {
  const say = useSay();
  const { act, busy, problem } = useAct(earlyAccess.beginUse);
  const [purpose, setPurpose] = useState('');
  return (
    <Dialog
      open
      onClose={onDone}
      title="State a purpose"
      lede="One purpose for one session. Both sides read it, and it stays with the session. Nothing classified."
    >
      <ActForm
        label="Begin the session"
        busy={busy}
        problem={problem}
        reason={purpose.trim().length < 3 ? 'State a purpose first.' : null}
        onSubmit={() =>
          act({ params: { grant: grant.id }, body: { purpose: purpose.trim() } }, () => {
            say('The session has begun.');
            onDone();
          })
        }
      >
        <TextArea
          label="What do you use the model for?"
          value={purpose}
          onChange={setPurpose}
          rows={3}
        />
      </ActForm>
    </Dialog>
  );
}
