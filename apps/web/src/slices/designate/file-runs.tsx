import type { DesignationFile } from '@breakwater/contract';
import { designate } from '@breakwater/contract';
import { parseId } from '@breakwater/kernel';
import { useState } from 'react';
import { pathTo } from '../../app/paths.ts';
import { Button, Buttons } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextField } from '../../ui/field.tsx';
import { Ago } from '../../ui/moment.tsx';
import { Empty } from '../../ui/note.tsx';
import { type Column, Table } from '../../ui/table.tsx';
import { useSay } from '../../ui/toast.tsx';
import { ActForm } from '../session/act-form.tsx';
import { useMe } from '../session/me.ts';
import { useAct } from '../session/server.ts';

type Run = DesignationFile['runs'][number];

/** The runs that were attached; whoever may open one reads it. */
export function FileRuns({ file }: { readonly file: DesignationFile }) {
  const isReader = useMe()?.party.role === 'evaluator';
  const [attaching, setAttaching] = useState(false);
  const { id, rule, determined } = file;
  return (
    <>
      {file.runs.length === 0 ? (
        <Empty>No run is attached.</Empty>
      ) : (
        <Table
          caption="Runs"
          columns={columnsFor(isReader)}
          rows={file.runs}
          keyOf={({ run }) => run}
        />
      )}
      {determined === null ? (
        <div className="mt-3">
          <Buttons>
            <Button
              onPress={() => setAttaching(true)}
              reason={rule === null ? 'It needs a rule first.' : null}
            >
              Attach a run
            </Button>
          </Buttons>
        </div>
      ) : null}
      {attaching ? <AttachRun file={id} onDone={() => setAttaching(false)} /> : null}
    </>
  );
}

/** `isReader`: runs are opened by evaluators; to others their pages are not there. */
function columnsFor(isReader: boolean): readonly Column<Run>[] {
  return [
    {
      key: 'run',
      head: 'Run',
      cell: ({ run }) =>
        isReader ? (
          <a href={pathTo('run', { run })}>
            <code>{run.slice(0, 12)}</code>
          </a>
        ) : (
          <code>{run.slice(0, 12)}</code>
        ),
    },
    { key: 'began', head: 'Began', cell: ({ beganAt }) => <Ago at={beganAt} /> },
    { key: 'samples', head: 'Samples', figure: true, cell: ({ samples }) => samples },
    { key: 'by', head: 'Attached by', cell: ({ by }) => by.name },
    { key: 'attached', head: 'Attached', cell: ({ attachedAt }) => <Ago at={attachedAt} brief /> },
  ];
}

interface AttachRunProps {
  readonly file: DesignationFile['id'];
  readonly onDone: () => void;
}

function AttachRun({ file, onDone }: AttachRunProps) {
  const say = useSay();
  const { act, busy, problem } = useAct(designate.attachRun);
  const [text, setText] = useState('');
  const run = parseId('run', text.trim());
  return (
    <Dialog
      open
      onClose={onDone}
      title="Attach a run"
      lede="It began after the rule was committed, on the rule’s suite, within its budget."
    >
      <ActForm
        label="Attach it"
        busy={busy}
        problem={problem}
        reason={run === null ? 'Give the id of the run first.' : null}
        onSubmit={() => {
          if (run === null) return;
          act({ params: { file }, body: { run } }, () => {
            say('Attached.');
            onDone();
          });
        }}
      >
        <TextField
          label="The run"
          hint="Its id: run_ and 26 small letters and digits. It stands in the address of its page."
          value={text}
          onChange={setText}
          maxLength={40}
          exact
        />
      </ActForm>
    </Dialog>
  );
}
