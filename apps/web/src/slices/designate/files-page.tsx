import { consultedOffices, designate, type FileSummary } from '@breakwater/contract';
import { useState } from 'react';
import { pathOf, pathTo } from '../../app/paths.ts';
import { Button, ButtonLink } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Ago } from '../../ui/moment.tsx';
import { Page } from '../../ui/page.tsx';
import { type Column, Table } from '../../ui/table.tsx';
import { MoreButton } from '../evaluate/more-button.tsx';
import { useMe } from '../session/me.ts';
import { Show } from '../session/problem-note.tsx';
import type { Screen } from '../session/screen.ts';
import { usePages } from '../session/server.ts';
import { AboutModel } from './about-model.tsx';
import { OpenFile } from './open-file.tsx';
import { evaluatedWords } from './words.ts';

export const screen: Screen = { Page: FilesPage };

const columns: readonly Column<FileSummary>[] = [
  {
    key: 'about',
    head: 'File on',
    cell: (file) => (
      <a href={pathTo('file', { file: file.id })}>
        <AboutModel file={file} />
      </a>
    ),
  },
  { key: 'keeper', head: 'Keeper', cell: ({ keeper }) => keeper.name },
  { key: 'opened', head: 'Opened', cell: ({ openedAt }) => <Ago at={openedAt} brief /> },
  {
    key: 'evaluated',
    head: 'Interval and threshold',
    cell: ({ evaluated }) =>
      evaluated === null ? (
        <span className="faint">not evaluated</span>
      ) : (
        evaluatedWords[evaluated][0]
      ),
  },
  {
    key: 'consulted',
    head: 'Consulted',
    cell: ({ consulted }) => `${consulted.length} of ${consultedOffices.length}`,
  },
  { key: 'dissents', head: 'Dissents', figure: true, cell: ({ dissents }) => dissents },
  {
    key: 'determined',
    head: 'Determination',
    cell: ({ determination }) =>
      determination === null ? <span className="faint">none</span> : 'entered',
  },
];

/** The files that lie before the official, for all who work on them. */
function FilesPage() {
  const role = useMe()?.party.role;
  const [opening, setOpening] = useState(false);
  const opens = role === 'liaison' || role === 'official';
  const pages = usePages([designate.files.id], (client, after) =>
    client.call(designate.files, { query: after === undefined ? {} : { after } }),
  );
  return (
    <Page
      title="Files"
      lede="Each asks one question: is this model a covered frontier model? The official answers it once all three offices were consulted."
      actions={
        <>
          <ButtonLink href={pathOf('rules')}>Threshold rules</ButtonLink>
          {opens ? <Button onPress={() => setOpening(true)}>Open a file</Button> : null}
        </>
      }
    >
      <Show what="the files" {...pages}>
        {(rows) =>
          rows.length === 0 ? (
            <EmptyState title="No file that you may see">
              <p>A file is opened on an engagement whose developer asked for an answer.</p>
            </EmptyState>
          ) : (
            <Table caption="Files" columns={columns} rows={rows} keyOf={({ id }) => id} />
          )
        }
      </Show>
      <MoreButton {...pages.more} />
      {opening ? <OpenFile onDone={() => setOpening(false)} /> : null}
    </Page>
  );
}
