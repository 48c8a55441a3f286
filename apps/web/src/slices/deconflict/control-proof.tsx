import type { Control } from '@breakwater/contract';
import { authorizations } from '@breakwater/contract';
import { useState } from 'react';
import { Button, Buttons } from '../../ui/button.tsx';
import { Command } from '../../ui/copy.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Facts } from '../../ui/facts.tsx';
import { Time } from '../../ui/moment.tsx';
import { Note } from '../../ui/note.tsx';
import { QuoteBlock } from '../../ui/quote.tsx';
import { useSay } from '../../ui/toast.tsx';
import { ActForm } from '../session/act-form.tsx';
import { ProblemNote } from '../session/problem-note.tsx';
import { useAct } from '../session/server.ts';
import { failureWords, wayWords } from './words.ts';

interface ControlProps {
  readonly control: Control;
}

/** How one shows that a target is one's own, whether it was found, and when it is looked for again. */
export function ControlProof({ control }: ControlProps) {
  const { state, way, challenge, provenAt, validUntil, nextAt, lastFailure } = control;
  const never = <span className="faint">never</span>;
  return (
    <div className="control-how">
      <StateNote control={control} />
      {state === 'proven' && challenge !== null ? (
        <details className="fold">
          <summary>What must stay where it is</summary>
          <div className="control-how">
            <How control={control} />
          </div>
        </details>
      ) : state === 'withdrawn' ? null : (
        <How control={control} />
      )}
      <Facts
        items={[
          ['Shown by', wayWords[way][0]],
          ['Last proven', provenAt === null ? never : <Time key="at" at={provenAt} />],
          ...(validUntil === null
            ? []
            : [['Counts until', <Time key="until" at={validUntil} />] as const]),
          ...(nextAt === null
            ? []
            : [['Looked for again', <Time key="next" at={nextAt} />] as const]),
          ...(lastFailure === null
            ? []
            : [['Last time', failureWords[lastFailure] ?? lastFailure] as const]),
        ]}
      />
      {state === 'withdrawn' ? null : <Acts control={control} />}
    </div>
  );
}

function StateNote({ control }: ControlProps) {
  switch (control.state) {
    case 'contested':
      return (
        <Note tone="fired" title="Somebody else proved control of the same place">
          <p className="small">
            A coordinator sees both and decides. Until then neither counts, and what rests on it is
            suspended.
          </p>
        </Note>
      );
    case 'lapsed':
      return (
        <Note tone="fired" title="The proof lapsed">
          <p className="small">
            It was not found for too long. What rests on it is suspended until it is found again.
          </p>
        </Note>
      );
    case 'withdrawn':
      return <Note title="You withdrew it: nothing rests on it any more" />;
    case 'pending':
    case 'proven':
      return null;
  }
}

/** What to put where, word for word. */
function How({ control }: ControlProps) {
  const { challenge, statement } = control;
  if (challenge === null) {
    return statement === null ? null : (
      <>
        <p className="small">A coordinator reads what you said and decides:</p>
        <QuoteBlock text={statement} />
      </>
    );
  }
  switch (challenge.way) {
    case 'dns':
      return (
        <>
          <p>Put this TXT record into your DNS, and leave it there:</p>
          <Exact label="Name" text={challenge.name} />
          <Exact label="Value" text={challenge.record} />
          <Exact
            label="As a line of a zone file"
            text={`${challenge.name}. 300 IN TXT "${challenge.record}"`}
          />
          <p className="small soft">It can take some minutes until everybody sees a new record.</p>
        </>
      );
    case 'well-known':
      return (
        <>
          <p>Put a file with this one line on the web server, and leave it there:</p>
          <Exact label="Its address" text={challenge.url} />
          <Exact label="What stands in it" text={challenge.text} />
          <p className="small soft">
            It must answer there itself: redirects elsewhere do not count.
          </p>
        </>
      );
    case 'repository':
      return (
        <>
          <p>Commit a file with this one line to the repository, and leave it there:</p>
          <Exact label="What stands in it" text={challenge.text} />
          <p className="small">We look for it at:</p>
          <ul className="small">
            {challenge.urls.map((url) => (
              <li key={url}>
                <code>{url}</code>
              </li>
            ))}
          </ul>
        </>
      );
  }
}

function Exact({ label, text }: { readonly label: string; readonly text: string }) {
  return (
    <div>
      <p className="small soft">{label}</p>
      <Command text={text} what={label.toLowerCase()} />
    </div>
  );
}

function Acts({ control }: ControlProps) {
  const say = useSay();
  const prove = useAct(authorizations.proveControl);
  const [leaving, setLeaving] = useState(false);
  const params = { control: control.id };
  return (
    <>
      {prove.problem === null ? null : <ProblemNote problem={prove.problem} />}
      <Buttons>
        {control.challenge === null ? null : (
          <Button
            kind={control.state === 'proven' ? 'plain' : 'first'}
            busy={prove.busy && 'Looking…'}
            onPress={() => prove.act({ params }, () => say('Found: your control is proven.'))}
          >
            Check now
          </Button>
        )}
        <Button kind="quiet" onPress={() => setLeaving(true)}>
          It is no longer mine
        </Button>
      </Buttons>
      {leaving ? <Withdraw control={control} onDone={() => setLeaving(false)} /> : null}
    </>
  );
}

function Withdraw({ control, onDone }: ControlProps & { readonly onDone: () => void }) {
  const say = useSay();
  const { act, busy, problem } = useAct(authorizations.withdrawControl);
  return (
    <Dialog
      open
      onClose={onDone}
      title="No longer yours?"
      lede="Authorizations and wishes that rest on this proof end at once."
    >
      <ActForm
        label="Withdraw"
        busy={busy}
        problem={problem}
        danger
        onSubmit={() =>
          act({ params: { control: control.id } }, () => {
            say('Withdrawn.');
            onDone();
          })
        }
      >
        <p>
          <code>{control.target}</code>
        </p>
      </ActForm>
    </Dialog>
  );
}
