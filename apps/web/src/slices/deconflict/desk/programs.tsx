import type { Output, Program } from '@breakwater/contract';
import { programFormats, wishes } from '@breakwater/contract';
import { parseInstant, toBase64 } from '@breakwater/kernel';
import { useState } from 'react';
import { Button, Buttons } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { Facts } from '../../../ui/facts.tsx';
import { Select, TextField } from '../../../ui/field.tsx';
import { FileDrop } from '../../../ui/file-drop.tsx';
import { Moment } from '../../../ui/moment.tsx';
import type { Column } from '../../../ui/table.tsx';
import { Table } from '../../../ui/table.tsx';
import { ActForm } from '../../session/act-form.tsx';
import { Show } from '../../session/problem-note.tsx';
import { useAct, usePages } from '../../session/server.ts';
import { MorePages } from './more-pages.tsx';

const harborWords = { full: 'full', partial: 'partial', none: 'none' } as const;

const columns: readonly Column<Program>[] = [
  { key: 'name', head: 'Program', cell: ({ name }) => name },
  {
    key: 'harbor',
    head: 'Safe harbor',
    cell: ({ safeHarbor }) =>
      safeHarbor === null ? <span className="faint">not said</span> : harborWords[safeHarbor],
  },
  { key: 'policy', head: 'Policy', cell: ({ policy }) => policy },
  { key: 'source', head: 'From', cell: ({ source }) => source.name },
  { key: 'at', head: 'As of', cell: ({ source }) => <Moment at={source.at} /> },
];

/** Disclosure programs that others published: information for finders, and nobody's leave. */
export function Programs() {
  const [adding, setAdding] = useState(false);
  const pages = usePages([wishes.programs.id], (client, after) =>
    client.call(wishes.programs, { query: after === undefined ? {} : { after } }),
  );
  const add = (
    <Button kind="first" onPress={() => setAdding(true)}>
      Take in a directory
    </Button>
  );
  return (
    <>
      <Show what="programs" {...pages}>
        {(rows) =>
          rows.length === 0 ? (
            <EmptyState title="No program yet" actions={add}>
              <p>
                Directories such as disclose.io publish who runs a disclosure program and what is in
                its scope. What you take in is shown to whoever claims such a target; it allows
                nothing by itself.
              </p>
            </EmptyState>
          ) : (
            <>
              <Table
                caption="Disclosure programs"
                columns={columns}
                rows={rows}
                keyOf={({ id }) => id}
              />
              <Buttons>{add}</Buttons>
            </>
          )
        }
      </Show>
      <MorePages more={pages.more} />
      {adding ? (
        <Dialog
          open
          onClose={() => setAdding(false)}
          title="Take in a directory"
          lede="A later file of the same source replaces this one; the same file twice changes nothing."
        >
          <TakeIn />
        </Dialog>
      ) : null}
    </>
  );
}

/** 8 MiB, as the contract takes. */
const fileBytesMax = 8_388_608;

function TakeIn() {
  const { act, busy, problem } = useAct(wishes.importPrograms);
  const [format, setFormat] = useState<(typeof programFormats)[number]>('disclose-io');
  const [source, setSource] = useState('disclose.io');
  const [license, setLicense] = useState('');
  const [day, setDay] = useState('');
  const [file, setFile] = useState<{ readonly name: string; readonly text: string } | null>(null);
  const [taken, setTaken] = useState<Output<typeof wishes.importPrograms> | null>(null);
  const at = parseInstant(`${day}T00:00:00Z`);
  const reason =
    file === null
      ? 'Give the file first.'
      : source.trim() === '' || license.trim() === ''
        ? 'Say who keeps it and under which license first.'
        : at === null
          ? 'Say of which day it is first.'
          : null;
  if (taken !== null) return <TakenIn taken={taken} />;
  return (
    <ActForm
      label="Take it in"
      busy={busy}
      problem={problem}
      reason={reason}
      onSubmit={() => {
        if (file === null || at === null) return;
        act(
          {
            body: {
              format,
              file: file.text,
              source: source.trim(),
              license: license.trim(),
              at,
            },
          },
          setTaken,
        );
      }}
    >
      <Select
        label="Form"
        value={format}
        onChange={(value) => setFormat(programFormats.find((known) => known === value) ?? format)}
        choices={programFormats.map((each) => [each, each])}
      />
      <FileDrop
        label="Drop the file here, or choose it"
        hint={file === null ? 'JSON, at most 8.4 MB.' : file.name}
        bytesMax={fileBytesMax}
        onFile={({ name, bytes }) => setFile({ name, text: toBase64(bytes) })}
      />
      <TextField label="Who keeps it" value={source} onChange={setSource} maxLength={300} />
      <TextField
        label="License"
        hint="Such as CC0-1.0."
        value={license}
        onChange={setLicense}
        maxLength={300}
      />
      <TextField
        label="Of which day"
        hint="Year-month-day, such as 2026-11-20."
        value={day}
        onChange={setDay}
        maxLength={10}
        exact
      />
    </ActForm>
  );
}

function TakenIn({ taken }: { readonly taken: Output<typeof wishes.importPrograms> }) {
  const { programs, scopes, added, changed, unchanged, gone, notUnderstood } = taken;
  return (
    <>
      <p role="status">
        {programs} programs with {scopes} lines of scope.
      </p>
      <Facts
        items={[
          ['New', added],
          ['Changed', changed],
          ['As before', unchanged],
          ['Gone', gone],
          ['Not understood', notUnderstood.length + taken.notUnderstoodMore],
        ]}
      />
      {notUnderstood.length === 0 ? null : (
        <ul className="small soft">
          {notUnderstood.slice(0, 20).map(({ where, text }) => (
            <li key={`${where} ${text}`}>
              <code>{where}</code> {text}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
