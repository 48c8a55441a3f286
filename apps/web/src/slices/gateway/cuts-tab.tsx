import type { Cut, GatewayKey } from '@breakwater/contract';
import { gateway } from '@breakwater/contract';
import { useState } from 'react';
import { Radios, Select } from '../../ui/field.tsx';
import { Ago, Moment } from '../../ui/moment.tsx';
import { Empty, Note } from '../../ui/note.tsx';
import { Section } from '../../ui/section.tsx';
import { type Column, Table } from '../../ui/table.tsx';
import { useSay } from '../../ui/toast.tsx';
import { MoreButton } from '../evaluate/more-button.tsx';
import { AskFirst } from '../session/ask-first.tsx';
import { Show } from '../session/problem-note.tsx';
import { useAct, usePages } from '../session/server.ts';
import { CutAct } from './cut-act.tsx';
import { type CutKind, cutOf, stoppedBy, targetsIn } from './cut-reach.ts';
import { useEveryKey } from './every-key.ts';
import { useNames } from './names-of.ts';

const kinds: readonly (readonly [CutKind, string])[] = [
  ['gkey', 'One key'],
  ['member', 'One person or service'],
  ['party', 'One partner'],
  ['window', 'All of a window'],
  ['tier', 'All of a tier'],
  ['model', 'All of a model'],
];

/** Cutting off, and what was cut off. */
export function CutsTab() {
  const keys = useEveryKey();
  const nameOf = useNames();
  return (
    <>
      <Section
        id="cut"
        title="Cut off"
        lede="One act, at once, on every process. What it stops stands there before you do it."
      >
        <Show what="the keys on your models" {...keys}>
          {(all) => <Choose keys={all} isWhole={keys.isWhole} nameOf={nameOf} />}
        </Show>
      </Section>
      <Section
        id="cuts"
        title="What you cut off"
        lede="It stands until you take it back. The reason is read by whoever is cut off."
      >
        <Cuts nameOf={nameOf} keys={keys.loaded.state === 'ready' ? keys.loaded.data : []} />
      </Section>
    </>
  );
}

interface ChooseProps {
  readonly keys: readonly GatewayKey[];
  readonly isWhole: boolean;
  readonly nameOf: (id: string) => string;
}

function Choose({ keys, isWhole, nameOf }: ChooseProps) {
  const [kind, setKind] = useState<CutKind>('gkey');
  const [chosen, setChosen] = useState('');
  const targets = targetsIn(keys, nameOf).filter((each) => each.kind === kind);
  const target = targets.find(({ of }) => of === chosen);
  if (!isWhole) return <Empty>Not all keys are read yet.</Empty>;
  if (keys.length === 0) return <Empty>There is no key on a model of yours.</Empty>;
  return (
    <div className="cut-choose">
      <div className="form">
        <Radios
          legend="What"
          value={kind}
          onChange={(value) => setKind(kinds.find(([each]) => each === value)?.[0] ?? kind)}
          choices={kinds}
        />
        <Select
          label="Which"
          value={chosen}
          onChange={setChosen}
          choices={[
            ['', targets.length === 0 ? 'There is none' : 'Choose'],
            ...targets.map(({ of, label }) => [of, label] as const),
          ]}
        />
      </div>
      {target === undefined ? (
        <Note title="What it stops">
          <p className="small soft">It stands here once you chose what to cut off.</p>
        </Note>
      ) : (
        <CutAct
          key={target.of}
          of={target.of}
          label={target.label}
          stops={stoppedBy(target.of, keys)}
          standing={cutOf(target.of, keys)}
        />
      )}
    </div>
  );
}

interface CutsProps {
  readonly nameOf: (id: string) => string;
  readonly keys: readonly GatewayKey[];
}

function Cuts({ nameOf, keys }: CutsProps) {
  const labels = new Map(targetsIn(keys, nameOf).map(({ of, label }) => [String(of), label]));
  const pages = usePages([gateway.cuts.id], (client, after) =>
    client.call(gateway.cuts, { query: after === undefined ? {} : { after } }),
  );
  return (
    <>
      <Show what="what was cut off" {...pages}>
        {(rows) =>
          rows.length === 0 ? (
            <Empty>Nothing was cut off.</Empty>
          ) : (
            <Table
              caption="Cut off"
              columns={columns}
              rows={rows.map((cut) => ({ ...cut, label: labels.get(cut.of) ?? nameOf(cut.of) }))}
              keyOf={({ id }) => id}
            />
          )
        }
      </Show>
      <MoreButton {...pages.more} />
    </>
  );
}

interface LiftProps {
  readonly id: Cut['id'];
  /** What was cut off, in words. */
  readonly label: string;
}

function Lift({ id, label }: LiftProps) {
  const say = useSay();
  const { act, busy, problem } = useAct(gateway.lift);
  return (
    <AskFirst
      words="Take it back"
      name={`Take it back: the cut-off of ${label}`}
      title="Take the cut-off back"
      lede={`${label}: what has not ended meanwhile works again, at once. Take it back only where nobody else can have the key.`}
      does="Take it back"
      busy={busy}
      problem={problem}
      onDo={(close) =>
        act({ params: { cut: id }, body: {} }, () => {
          close();
          say('Taken back.');
        })
      }
    />
  );
}

type Row = Cut & { readonly label: string };

const columns: readonly Column<Row>[] = [
  { key: 'what', head: 'What', cell: ({ label }) => label },
  { key: 'at', head: 'Since', cell: ({ at }) => <Moment at={at} /> },
  {
    key: 'reason',
    head: 'Why',
    cell: ({ reason }) => (reason === null ? 'erased' : <q>{reason}</q>),
  },
  {
    key: 'act',
    head: 'Act',
    cell: ({ id, label, liftedAt }) =>
      liftedAt === null ? (
        <Lift id={id} label={label} />
      ) : (
        <span className="faint">
          taken back <Ago at={liftedAt} brief />
        </span>
      ),
  },
];
