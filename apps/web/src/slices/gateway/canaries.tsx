import type { Output } from '@breakwater/contract';
import { engage, gatewayIncidents } from '@breakwater/contract';
import { digestOf, parseId, utf8 } from '@breakwater/kernel';
import { useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { Digest } from '../../ui/digest.tsx';
import { Select, TextField } from '../../ui/field.tsx';
import { Moment } from '../../ui/moment.tsx';
import { Empty } from '../../ui/note.tsx';
import { type Column, Table } from '../../ui/table.tsx';
import { useSay } from '../../ui/toast.tsx';
import { ActForm } from '../session/act-form.tsx';
import { ProblemNote, Show } from '../session/problem-note.tsx';
import { useAct, useLoad } from '../session/server.ts';
import { useNames } from './names-of.ts';

type Canary = Output<typeof gatewayIncidents.canaries>['items'][number];

/** What the watch finds by its digest alone; shorter ones would be found by trying. */
const canaryForm = /^[A-Za-z0-9_-]{16,128}$/;

/** Strings of a developer's own that are watched for; only their digests leave the browser. */
export function Canaries() {
  const read = useLoad(gatewayIncidents.canaries, {});
  const nameOf = useNames();
  return (
    <>
      <Show what="canaries" {...read}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty>None is watched for.</Empty>
          ) : (
            <Table
              caption="Canaries"
              columns={columns}
              rows={items.map((each) => ({ ...each, name: nameOf(each.model) }))}
              keyOf={({ model, digest }) => `${model} ${digest}`}
            />
          )
        }
      </Show>
      <div className="mt-5">
        <AddCanary />
      </div>
    </>
  );
}

const columns: readonly Column<Canary & { readonly name: string }>[] = [
  { key: 'digest', head: 'Digest', cell: ({ digest }) => <Digest value={digest} /> },
  { key: 'model', head: 'Model', cell: ({ name }) => name },
  { key: 'since', head: 'Since', cell: ({ addedAt }) => <Moment at={addedAt} /> },
  { key: 'act', head: 'Act', cell: (canary) => <Remove canary={canary} /> },
];

function Remove({ canary: { model, digest } }: { readonly canary: Canary }) {
  const say = useSay();
  const { act, busy, problem } = useAct(gatewayIncidents.removeCanary);
  return (
    <>
      <Button
        kind="quiet"
        label={`Remove ${digest}`}
        busy={busy && 'Removing…'}
        onPress={() => act({ body: { model, digest } }, () => say('It is watched for no more.'))}
      >
        Remove
      </Button>
      {problem === null ? null : <ProblemNote problem={problem} />}
    </>
  );
}

function AddCanary() {
  const say = useSay();
  const { act, busy, problem } = useAct(gatewayIncidents.addCanary);
  const models = useLoad(engage.models, { query: { limit: 200 } });
  const own = models.loaded.state === 'ready' ? models.loaded.data.items : [];
  const [choice, setChoice] = useState('');
  const [text, setText] = useState('');
  const model = parseId('model', choice);
  const isFormed = canaryForm.test(text.trim());
  return (
    <ActForm
      label="Watch for it"
      busy={busy}
      problem={problem}
      reason={model === null || !isFormed ? 'Choose the model and give the string.' : null}
      onSubmit={() => {
        if (model === null) return;
        act({ body: { model, digest: digestOf(utf8(text.trim())) } }, () => {
          setText('');
          say('It is watched for.');
        });
      }}
    >
      <Select
        label="In requests and answers of"
        value={choice}
        onChange={setChoice}
        choices={[
          ['', 'Choose a model'],
          ...own.map(({ id, codenames }) => [id, codenames[0] ?? id] as const),
        ]}
      />
      <TextField
        label="A string that should turn up nowhere"
        hint="16 to 128 letters, digits, hyphens and underscores. Its digest alone is sent: keep the string."
        value={text}
        onChange={setText}
        maxLength={128}
        exact
      />
    </ActForm>
  );
}
