import type { ConsultedOffice, DesignationFile } from '@breakwater/contract';
import { consultedOffices, designate } from '@breakwater/contract';
import { useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { type Column, Table } from '../../ui/table.tsx';
import { useSay } from '../../ui/toast.tsx';
import { ActForm } from '../session/act-form.tsx';
import { useMe } from '../session/me.ts';
import { useAct } from '../session/server.ts';
import { isDated, PaperFields } from './paper-fields.tsx';
import { dayWords, officeWords } from './words.ts';

type Consultation = DesignationFile['consultations'][number];

interface Row {
  readonly office: ConsultedOffice;
  readonly found: Consultation | undefined;
  /** null: the reader does not record it. */
  readonly onRecord: (() => void) | null;
}

const columns: readonly Column<Row>[] = [
  { key: 'office', head: 'Office', cell: ({ office }) => officeWords[office] },
  {
    key: 'date',
    head: 'Consulted',
    cell: ({ found }) =>
      found === undefined ? <span className="missing">not recorded</span> : dayWords(found.date),
  },
  {
    key: 'reference',
    head: 'Reference',
    cell: ({ found }) =>
      found === undefined ? (
        <span className="faint">none</span>
      ) : found.reference === null ? (
        <span className="faint">came with a bundle</span>
      ) : (
        <code>{found.reference}</code>
      ),
  },
  {
    key: 'act',
    head: 'Recorded',
    cell: ({ office, found, onRecord }) => {
      if (found !== undefined) return `by ${found.by.name}`;
      if (onRecord === null) return <span className="faint">no</span>;
      return (
        <Button kind="quiet" label={`Record: ${officeWords[office]}`} onPress={onRecord}>
          Record
        </Button>
      );
    },
  },
];

/** The three offices, each consulted on a day, or not recorded. */
export function Consultations({ file }: { readonly file: DesignationFile }) {
  const role = useMe()?.party.role;
  const [recording, setRecording] = useState<ConsultedOffice | null>(null);
  const records = (role === 'liaison' || role === 'official') && file.determined === null;
  return (
    <>
      <Table
        caption="Consultations"
        columns={columns}
        rows={consultedOffices.map((office) => ({
          office,
          found: file.consultations.find((each) => each.office === office),
          onRecord: records ? () => setRecording(office) : null,
        }))}
        keyOf={({ office }) => office}
      />
      {recording === null ? null : (
        <RecordOne file={file.id} office={recording} onDone={() => setRecording(null)} />
      )}
    </>
  );
}

interface RecordOneProps {
  readonly file: DesignationFile['id'];
  readonly office: ConsultedOffice;
  readonly onDone: () => void;
}

function RecordOne({ file, office, onDone }: RecordOneProps) {
  const say = useSay();
  const { act, busy, problem } = useAct(designate.consult);
  const [paper, setPaper] = useState({ date: '', reference: '' });
  return (
    <Dialog
      open
      onClose={onDone}
      title="Record a consultation"
      lede={`That the ${officeWords[office]} was consulted, and when. What was said stays where the paper lies.`}
    >
      <ActForm
        label="Record it"
        busy={busy}
        problem={problem}
        reason={isDated(paper) ? null : 'Give date and reference first.'}
        onSubmit={() =>
          act({ params: { file }, body: { office, ...paper } }, () => {
            say('Recorded.');
            onDone();
          })
        }
      >
        <PaperFields paper={paper} onChange={setPaper} />
      </ActForm>
    </Dialog>
  );
}
