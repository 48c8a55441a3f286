import type { Engagement, LevelName, Output } from '@breakwater/contract';
import { engage, levelNames } from '@breakwater/contract';
import { parseId } from '@breakwater/kernel';
import { useState } from 'react';
import { Button, Buttons } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Radios, Select } from '../../ui/field.tsx';
import { type Column, Table } from '../../ui/table.tsx';
import { useSay } from '../../ui/toast.tsx';
import { ActForm } from '../session/act-form.tsx';
import { usePartyField } from '../session/party-field.tsx';
import { Show } from '../session/problem-note.tsx';
import { useAct, useLoad } from '../session/server.ts';
import { levelWords } from './words.ts';

type Seer = Output<typeof engage.sharing>['items'][number];
/** `onAlter` null: the developer itself, who sees all. */
type Row = Seer & { readonly onAlter: (() => void) | null };

const columns: readonly Column<Row>[] = [
  { key: 'party', head: 'Party', cell: ({ party }) => party.name },
  { key: 'level', head: 'Sees', cell: ({ level }) => levelWords[level][0].toLowerCase() },
  {
    key: 'act',
    head: 'Act',
    cell: ({ onAlter, party }) =>
      onAlter === null ? (
        <span className="faint">its developer</span>
      ) : (
        <Button kind="quiet" label={`Change what ${party.name} sees`} onPress={onAlter}>
          Change
        </Button>
      ),
  },
];

interface SharingProps {
  readonly engagement: Engagement;
  readonly canAlter: boolean;
}

/** Who sees the engagement and how much; its developer names them anew. */
export function Sharing({ engagement, canAlter }: SharingProps) {
  const [naming, setNaming] = useState(false);
  const [altering, setAltering] = useState<Seer | null>(null);
  const read = useLoad(engage.sharing, { params: { engagement: engagement.id } });
  const others = (items: readonly Seer[]) =>
    items.filter(({ party }) => party.id !== engagement.developer.id);
  return (
    <Show what="who may see it" {...read}>
      {({ items }) => (
        <>
          <Table
            caption="Who may see it"
            columns={canAlter ? columns : columns.slice(0, 2)}
            rows={items.map((seer) => ({
              ...seer,
              onAlter: seer.party.id === engagement.developer.id ? null : () => setAltering(seer),
            }))}
            keyOf={({ party }) => party.id}
          />
          {canAlter ? (
            <div className="mt-3">
              <Buttons>
                <Button onPress={() => setNaming(true)}>Name a party</Button>
              </Buttons>
            </div>
          ) : null}
          {naming ? (
            <NameParty
              engagement={engagement}
              others={others(items)}
              onDone={() => setNaming(false)}
            />
          ) : null}
          {altering === null ? null : (
            <AlterSeer
              engagement={engagement}
              others={others(items)}
              seer={altering}
              onDone={() => setAltering(null)}
            />
          )}
        </>
      )}
    </Show>
  );
}

interface NamePartyProps {
  readonly engagement: Engagement;
  /** Who is named now, beside the developer. */
  readonly others: readonly Seer[];
  readonly onDone: () => void;
}

function NameParty({ engagement, others, onDone }: NamePartyProps) {
  const say = useSay();
  const { act, busy, problem } = useAct(engage.alterSharing);
  const { party, reason, field } = usePartyField();
  const [level, setLevel] = useState<LevelName>('summary');
  return (
    <Dialog
      open
      onClose={onDone}
      title="Name a party"
      lede="They see the engagement from then on, until you take them out."
    >
      <ActForm
        label="Name it"
        busy={busy}
        problem={problem}
        reason={reason}
        onSubmit={() => {
          if (party === null) return;
          const seers = [...seersOf(others, party), { party, level }];
          act({ params: { engagement: engagement.id }, body: { seers } }, () => {
            say('Named.');
            onDone();
          });
        }}
      >
        {field}
        <Radios
          legend="What do they see?"
          value={level}
          onChange={(value) => setLevel(levelNames.find((known) => known === value) ?? level)}
          choices={levelNames.map((each) => [each, ...levelWords[each]])}
        />
      </ActForm>
    </Dialog>
  );
}

interface AlterSeerProps extends NamePartyProps {
  readonly seer: Seer;
}

function AlterSeer({ engagement, others, seer, onDone }: AlterSeerProps) {
  const say = useSay();
  const { act, busy, problem } = useAct(engage.alterSharing);
  const isGovernment = seer.party.id === engagement.government.id;
  const [level, setLevel] = useState<LevelName | 'none'>(seer.level);
  const party = parseId('party', seer.party.id);
  return (
    <Dialog
      open
      onClose={onDone}
      title={`What ${seer.party.name} sees`}
      lede={
        isGovernment
          ? 'The other side sees the engagement for as long as it is open; leaving ends what it may do.'
          : 'Whom you take out sees nothing of it from now on. What they read before, they know.'
      }
    >
      <ActForm
        label="Change it"
        busy={busy}
        problem={problem}
        reason={level === seer.level ? 'Choose something else first.' : null}
        onSubmit={() => {
          if (party === null) return;
          const kept = seersOf(others, party);
          const seers = level === 'none' ? kept : [...kept, { party, level }];
          act({ params: { engagement: engagement.id }, body: { seers } }, () => {
            say('Changed.');
            onDone();
          });
        }}
      >
        <Select
          label="They see"
          value={level}
          onChange={(value) => setLevel(levelNames.find((known) => known === value) ?? 'none')}
          choices={[
            ...levelNames
              .filter((each) => !isGovernment || each !== 'summary')
              .map((each) => [each, levelWords[each][0]] as const),
            ...(isGovernment ? [] : [['none', 'Nothing any more'] as const]),
          ]}
        />
      </ActForm>
    </Dialog>
  );
}

/** Those who are named now but for one, as they are named again. */
function seersOf(others: readonly Seer[], but: string) {
  return others.flatMap(({ party, level }) => {
    const id = parseId('party', party.id);
    return id === null || id === but ? [] : [{ party: id, level }];
  });
}
