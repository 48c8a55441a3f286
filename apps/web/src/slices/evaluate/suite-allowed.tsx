import type { Output, Suite } from '@breakwater/contract';
import { suites } from '@breakwater/contract';
import { type Id, parseId } from '@breakwater/kernel';
import { useState } from 'react';
import { pathTo } from '../../app/paths.ts';
import { Button, Buttons } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Ago } from '../../ui/moment.tsx';
import { type Column, Table } from '../../ui/table.tsx';
import { useSay } from '../../ui/toast.tsx';
import { ActForm } from '../session/act-form.tsx';
import { Show } from '../session/problem-note.tsx';
import { useAct, useLoad } from '../session/server.ts';
import { AllowForm } from './allow-form.tsx';
import { rightWords } from './words.ts';

type Allowed = Output<typeof suites.allowed>['items'][number];
type Row = Allowed & { readonly onTakeBack: (() => void) | null };

/** A right with the party that it can be taken back from. */
type Given = Allowed & { readonly from: Id<'party'> };

const columns: readonly Column<Row>[] = [
  { key: 'party', head: 'Party', cell: ({ party }) => party.name },
  { key: 'right', head: 'May', cell: ({ right }) => rightWords[right][0].toLowerCase() },
  {
    key: 'item',
    head: 'Of',
    cell: ({ item }) =>
      item === null ? 'all items' : <a href={pathTo('item', { item })}>one item</a>,
  },
  { key: 'since', head: 'Since', cell: ({ since }) => <Ago at={since} brief /> },
  {
    key: 'act',
    head: 'Act',
    cell: ({ onTakeBack, party }) =>
      onTakeBack === null ? (
        <span className="faint">keeper</span>
      ) : (
        <Button kind="quiet" onPress={onTakeBack} label={`Take back from ${party.name}`}>
          Take back
        </Button>
      ),
  },
];

/** Who may what of a suite, for its keeper: give a right, take one back. */
export function SuiteAllowed({ suite }: { readonly suite: Suite }) {
  const [giving, setGiving] = useState(false);
  const [taking, setTaking] = useState<Given | null>(null);
  const takingOf = (each: Allowed) => {
    const from = parseId('party', each.party.id);
    const isKeeper = each.party.id === suite.keeper.id;
    return from === null || isKeeper ? null : () => setTaking({ ...each, from });
  };
  const read = useLoad(suites.allowed, { params: { suite: suite.id } });
  return (
    <>
      <Show what="who may what" {...read}>
        {({ items }) => (
          <Table
            caption="Who may what"
            columns={columns}
            rows={items.toSorted(byName).map((each) => ({
              ...each,
              onTakeBack: takingOf(each),
            }))}
            keyOf={({ party, right, item }) => `${party.id} ${right} ${item}`}
          />
        )}
      </Show>
      <Buttons>
        <Button onPress={() => setGiving(true)}>Give a right</Button>
      </Buttons>
      {giving ? (
        <Dialog
          open
          onClose={() => setGiving(false)}
          title="Give a right"
          lede="Each right is given by itself. Every one tells that the suite exists."
        >
          <AllowForm suite={suite.id} item={null} onDone={() => setGiving(false)} />
        </Dialog>
      ) : null}
      {taking === null ? null : (
        <TakeBack suite={suite} allowed={taking} onDone={() => setTaking(null)} />
      )}
    </>
  );
}

function byName(one: Allowed, other: Allowed): number {
  return one.party.name.localeCompare(other.party.name, 'en');
}

interface TakeBackProps {
  readonly suite: Suite;
  readonly allowed: Given;
  readonly onDone: () => void;
}

function TakeBack({ suite, allowed, onDone }: TakeBackProps) {
  const say = useSay();
  const { act, busy, problem } = useAct(suites.disallow);
  const { party, right, item, from } = allowed;
  return (
    <Dialog
      open
      onClose={onDone}
      title="Take it back?"
      lede="They read nothing by it from now on. What they read before, they know."
    >
      <ActForm
        label="Take back"
        busy={busy}
        problem={problem}
        danger
        onSubmit={() =>
          act(
            {
              params: { suite: suite.id },
              body: { party: from, right, ...(item === null ? {} : { item }) },
            },
            () => {
              say('Taken back.');
              onDone();
            },
          )
        }
      >
        <p>
          {party.name}: {rightWords[right][0].toLowerCase()},{' '}
          {item === null ? 'all items' : 'one item'}.
        </p>
      </ActForm>
    </Dialog>
  );
}
