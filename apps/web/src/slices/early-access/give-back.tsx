import type { AccessGrant } from '@breakwater/contract';
import { afterwards, earlyAccess } from '@breakwater/contract';
import { useState } from 'react';
import { Button, Buttons } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Radios, TextArea } from '../../ui/field.tsx';
import { QuoteBlock } from '../../ui/quote.tsx';
import { useSay } from '../../ui/toast.tsx';
import { ActForm } from '../session/act-form.tsx';
import { useAct } from '../session/server.ts';
import { afterwardsWords } from './words.ts';

interface GiveBackProps {
  readonly grant: AccessGrant;
}

/** Attests what became of what was taken; asked for once something is owed. */
export function AttestReturn({ grant }: GiveBackProps) {
  const [attesting, setAttesting] = useState(false);
  const { attestation, owed, active } = grant;
  return (
    <>
      {attestation === null || attestation.statement === null ? null : (
        <QuoteBlock text={attestation.statement} from="What was attested" />
      )}
      {owed === null ? null : (
        <div className="mt-3">
          <Buttons>
            <Button
              kind="first"
              onPress={() => setAttesting(true)}
              reason={active ? 'Your access goes on.' : null}
            >
              Attest return or destruction
            </Button>
          </Buttons>
        </div>
      )}
      {attesting ? <Attest grant={grant} onDone={() => setAttesting(false)} /> : null}
    </>
  );
}

interface AttestProps extends GiveBackProps {
  readonly onDone: () => void;
}

function Attest({ grant, onDone }: AttestProps) {
  const say = useSay();
  const { act, busy, problem } = useAct(earlyAccess.attest);
  const [how, setHow] = useState<(typeof afterwards)[number]>('destroyed');
  const [statement, setStatement] = useState('');
  return (
    <Dialog
      open
      onClose={onDone}
      title="Attest return or destruction"
      lede="By your name, to both sides. It stands in the log."
    >
      <ActForm
        label="Attest it"
        busy={busy}
        problem={problem}
        reason={statement.trim().length < 3 ? 'Say what became of it first.' : null}
        onSubmit={() =>
          act({ params: { grant: grant.id }, body: { how, statement: statement.trim() } }, () => {
            say('Attested.');
            onDone();
          })
        }
      >
        <Radios
          legend="What became of it?"
          value={how}
          onChange={(value) => setHow(afterwards.find((known) => known === value) ?? how)}
          choices={afterwards.map((each) => [each, ...afterwardsWords[each]])}
        />
        <TextArea
          label="In your words"
          hint="What there was, where, and how it was returned or destroyed. Nothing classified."
          value={statement}
          onChange={setStatement}
          rows={3}
        />
      </ActForm>
    </Dialog>
  );
}

/** The person gives the access back, at any moment. */
export function GiveBack({ grant }: GiveBackProps) {
  const say = useSay();
  const { act, busy, problem } = useAct(earlyAccess.revoke);
  const [asking, setAsking] = useState(false);
  return (
    <div className="mt-3">
      <Buttons>
        <Button kind="danger" onPress={() => setAsking(true)}>
          Give the access back
        </Button>
      </Buttons>
      {asking ? (
        <Dialog
          open
          onClose={() => setAsking(false)}
          title="Give the access back?"
          lede="It ends at once, without a reason. What you took has to be returned or destroyed all the same."
        >
          <ActForm
            label="Give it back"
            busy={busy}
            problem={problem}
            danger
            onSubmit={() =>
              act({ params: { grant: grant.id }, body: {} }, () => {
                say('Given back.');
                setAsking(false);
              })
            }
          >
            {null}
          </ActForm>
        </Dialog>
      ) : null}
    </div>
  );
}
