import type { RunSample } from '@breakwater/contract';
import { reviewStates, runs } from '@breakwater/contract';
import type { Id } from '@breakwater/kernel';
import { pathTo } from '../../app/paths.ts';
import { Badge } from '../../ui/badge.tsx';
import { Select } from '../../ui/field.tsx';
import { Empty } from '../../ui/note.tsx';
import { type Column, Table } from '../../ui/table.tsx';
import { useGo } from '../session/go.ts';
import { Show } from '../session/problem-note.tsx';
import { usePages } from '../session/server.ts';
import { MoreButton } from './more-button.tsx';
import {
  contaminationTold,
  endOf,
  reviewWords,
  scoreWords,
  shortCommitment,
  type Told,
} from './words.ts';

const columns: readonly Column<RunSample>[] = [
  {
    key: 'sample',
    head: 'Sample',
    cell: ({ id, place, commitment }) => (
      <a href={pathTo('sample', { sample: id })}>
        {place === null ? 'One' : <span className="num">{place + 1}</span>}{' '}
        {commitment === null ? null : <code>{shortCommitment(commitment)}</code>}
      </a>
    ),
  },
  { key: 'epoch', head: 'Epoch', figure: true, cell: ({ epoch }) => epoch },
  { key: 'score', head: 'Score', figure: true, cell: ({ score }) => scoreWords(score) },
  { key: 'end', head: 'Ended', cell: (sample) => <Mark told={endOf(sample)} none="by itself" /> },
  {
    key: 'contamination',
    head: 'Contamination',
    cell: ({ contamination }) => <Mark told={contaminationTold[contamination]} none="" />,
  },
  {
    key: 'review',
    head: 'Review',
    cell: ({ review }) => <Mark told={reviewWords[review]} none="" />,
  },
];

/** A word; a badge where it should be noticed. */
function Mark({ told, none }: { readonly told: Told | null; readonly none: string }) {
  if (told === null) return <span className="faint">{none}</span>;
  const [words, tone] = told;
  return tone === 'plain' ? (
    <span className="faint">{words.toLowerCase()}</span>
  ) : (
    <Badge tone={tone}>{words}</Badge>
  );
}

interface RunSamplesProps {
  readonly id: Id<'run'>;
  /** Which of them, as the address says. */
  readonly review: string;
}

/** The samples of a run whose results the reader may see, in pages. */
export function RunSamples({ id, review }: RunSamplesProps) {
  const go = useGo();
  const only = reviewStates.find((each) => each === review);
  const pages = usePages([runs.samples.id, id, only], (client, after) =>
    client.call(runs.samples, {
      params: { run: id },
      query: {
        ...(only === undefined ? {} : { review: only }),
        ...(after === undefined ? {} : { after }),
      },
    }),
  );
  return (
    <>
      <div className="few-fields">
        <Select
          label="Review"
          value={only ?? ''}
          onChange={(value) => go(pathTo('run', { run: id }, { review: value }), { replace: true })}
          choices={[
            ['', 'Any'],
            ...reviewStates.map((each) => [each, reviewWords[each][0]] as const),
          ]}
        />
      </div>
      <Show what="the samples" {...pages}>
        {(rows) =>
          rows.length === 0 ? (
            <Empty>No such sample whose result you may see.</Empty>
          ) : (
            <Table caption="Samples" columns={columns} rows={rows} keyOf={(row) => row.id} />
          )
        }
      </Show>
      <MoreButton {...pages.more} />
    </>
  );
}
