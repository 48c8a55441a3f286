import type { Engagement } from '@breakwater/contract';
import { engage } from '@breakwater/contract';
import { useState } from 'react';
import { Button, Buttons } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Facts } from '../../ui/facts.tsx';
import { Note } from '../../ui/note.tsx';
import { useSay } from '../../ui/toast.tsx';
import { ActForm } from '../session/act-form.tsx';
import { useAct } from '../session/server.ts';
import { StateModel } from './state-model.tsx';

interface ModelFactsProps {
  readonly engagement: Engagement;
  /** The reader is the developer. */
  readonly canState: boolean;
}

/** What its developer stated of the model, as far as the reader may see it. */
export function ModelFacts({ engagement, canState }: ModelFactsProps) {
  const { sees, zone, openWeight, outside, leftAt } = engagement;
  const [open, setOpen] = useState<'state' | 'erase' | null>(null);
  const unstated = <span className="faint">not stated</span>;
  const done = () => setOpen(null);
  return (
    <>
      {outside === null ? null : (
        <Note title="Outside the framework, as reported">
          <p>{outside.said}</p>
          <p className="small soft">From: {outside.source}</p>
        </Note>
      )}
      <Facts
        items={[
          ['Codename', engagement.codename ?? 'erased'],
          ['Weights', openWeight ? 'to be open' : 'not open'],
          ['Zone', `${zone.replaceAll('_', ' ')}; days are counted by its midnights`],
          ...(sees === 'summary'
            ? []
            : [
                ['Hosted', engagement.hosting ?? unstated] as const,
                ['Contacts', <Lines key="c" text={engagement.contacts} none={unstated} />] as const,
              ]),
          ...(engagement.endpoints === null
            ? []
            : [['Answers at', <Endpoints key="e" engagement={engagement} />] as const]),
        ]}
      />
      {canState ? (
        <div className="mt-3">
          <Buttons>
            {leftAt === null ? (
              <Button onPress={() => setOpen('state')}>State it anew</Button>
            ) : (
              <Button kind="danger" onPress={() => setOpen('erase')}>
                Erase what you wrote
              </Button>
            )}
          </Buttons>
        </div>
      ) : null}
      {open === 'state' ? <StateModel engagement={engagement} onDone={done} /> : null}
      {open === 'erase' ? <EraseAll engagement={engagement} onDone={done} /> : null}
    </>
  );
}

interface LinesProps {
  readonly text: string | null;
  readonly none: React.ReactNode;
}

function Lines({ text, none }: LinesProps) {
  return text === null ? none : <span className="whitespace-pre-wrap">{text}</span>;
}

function Endpoints({ engagement: { endpoints } }: { readonly engagement: Engagement }) {
  if (endpoints === null || endpoints.length === 0) {
    return <span className="faint">not stated</span>;
  }
  return (
    <ul>
      {endpoints.map(({ url, name }) => (
        <li key={`${url} ${name}`}>
          <code>{name}</code> at <code>{url}</code>
        </li>
      ))}
    </ul>
  );
}

interface EraseAllProps {
  readonly engagement: Engagement;
  readonly onDone: () => void;
}

function EraseAll({ engagement, onDone }: EraseAllProps) {
  const say = useSay();
  const { act, busy, problem } = useAct(engage.erase);
  return (
    <Dialog
      open
      onClose={onDone}
      title="Erase what you wrote?"
      lede="Codename, place, contacts and endpoints become unreadable to everybody, you too. Commitments in the log stay, and what a legal hold covers."
    >
      <ActForm
        label="Erase it"
        busy={busy}
        problem={problem}
        danger
        onSubmit={() =>
          act({ params: { engagement: engagement.id }, body: {} }, () => {
            say('Erased.');
            onDone();
          })
        }
      >
        <p className="small soft">Terms that both sides signed stay with both.</p>
      </ActForm>
    </Dialog>
  );
}
