import type { GatewayJob, GatewayKey, JobTemplate } from '@breakwater/contract';
import { gatewayJobs } from '@breakwater/contract';
import type { Id } from '@breakwater/kernel';
import { useState } from 'react';
import { pathTo } from '../../app/paths.ts';
import { Button, Buttons } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Select } from '../../ui/field.tsx';
import { Ago } from '../../ui/moment.tsx';
import { Empty } from '../../ui/note.tsx';
import { type Column, Table } from '../../ui/table.tsx';
import { MoreButton } from '../evaluate/more-button.tsx';
import { Show } from '../session/problem-note.tsx';
import { useLoad, usePages } from '../session/server.ts';
import { JobResult } from './job-result.tsx';
import { JobStanding } from './job-standing.tsx';
import { SubmitJob } from './submit-job.tsx';

type Open =
  | { readonly what: 'submit'; readonly template: JobTemplate }
  | { readonly what: 'result'; readonly job: Id<'job'> }
  | null;

/** What can be run by a key without calling the model oneself, and what came of it. */
export function Jobs({ gkey }: { readonly gkey: GatewayKey }) {
  const [open, setOpen] = useState<Open>(null);
  const templates = useLoad(gatewayJobs.keyTemplates, { params: { gkey: gkey.id } });
  const pages = usePages(
    [gatewayJobs.jobs.id, gkey.id],
    (client, after) =>
      client.call(gatewayJobs.jobs, {
        query: { gkey: gkey.id, ...(after === undefined ? {} : { after }) },
      }),
    { againWhile: (jobs) => jobs.some(({ endedAt }) => endedAt === null) },
  );
  const known = templates.loaded.state === 'ready' ? templates.loaded.data.items : [];
  const nameOf = (id: string) =>
    known.find((each) => each.id === id)?.name ?? 'A template that was withdrawn';
  return (
    <>
      <Show what="what can be run" {...templates}>
        {({ items }) => (
          <Choose
            templates={items}
            stops={gkey.active ? null : 'The key does not work now.'}
            onChoose={(template) => setOpen({ what: 'submit', template })}
          />
        )}
      </Show>
      <Show what="jobs" {...pages}>
        {(rows) =>
          rows.length === 0 ? (
            <Empty>None was handed in.</Empty>
          ) : (
            <Table
              caption="Jobs"
              columns={columns}
              rows={rows.map((job) => ({
                ...job,
                name: nameOf(job.template),
                onOpen: () => setOpen({ what: 'result', job: job.id }),
              }))}
              keyOf={({ id }) => id}
            />
          )
        }
      </Show>
      <MoreButton {...pages.more} />
      {open?.what === 'submit' ? (
        <SubmitJob gkey={gkey.id} template={open.template} onDone={() => setOpen(null)} />
      ) : null}
      {open?.what === 'result' ? (
        <Dialog open wide onClose={() => setOpen(null)} title="The job">
          <JobResult id={open.job} />
        </Dialog>
      ) : null}
    </>
  );
}

interface ChooseProps {
  readonly templates: readonly JobTemplate[];
  /** Why nothing can be handed in; null: it can. */
  readonly stops: string | null;
  readonly onChoose: (template: JobTemplate) => void;
}

function Choose({ templates, stops, onChoose }: ChooseProps) {
  const [id, setId] = useState('');
  const chosen = templates.find((each) => each.id === id);
  if (templates.length === 0) return <Empty>The developer states nothing that can be run.</Empty>;
  return (
    <div className="form">
      <Select
        label="What can be run"
        hint={chosen === undefined ? undefined : <q>{chosen.purpose}</q>}
        value={id}
        onChange={setId}
        choices={[['', 'Choose'], ...templates.map((each) => [each.id, each.name] as const)]}
      />
      <Buttons>
        <Button
          reason={stops ?? (chosen === undefined ? 'Choose first.' : null)}
          onPress={() => chosen !== undefined && onChoose(chosen)}
        >
          Hand something in
        </Button>
      </Buttons>
    </div>
  );
}

function Recorded({ calls }: Pick<GatewayJob, 'calls'>) {
  const requests = calls.map(({ request }) => request).filter((id) => id !== null);
  const [first] = requests;
  if (first === undefined) return <span className="faint">not yet</span>;
  if (calls.length > 1) return <span className="soft">{requests.length} requests</span>;
  return <a href={pathTo('gatewayRequest', { request: first })}>its request</a>;
}

type Row = GatewayJob & { readonly name: string; readonly onOpen: () => void };

const columns: readonly Column<Row>[] = [
  { key: 'what', head: 'What', cell: ({ name }) => name },
  { key: 'at', head: 'Handed in', cell: ({ at }) => <Ago at={at} brief /> },
  { key: 'how', head: 'Stands', cell: (job) => <JobStanding job={job} /> },
  {
    key: 'record',
    head: 'Recorded',
    cell: ({ calls }) => <Recorded calls={calls} />,
  },
  {
    key: 'act',
    head: 'Act',
    cell: ({ name, onOpen }) => (
      <Button label={`Open ${name}`} onPress={onOpen}>
        Open
      </Button>
    ),
  },
];
