import type { DesignationFile, DeterminationOutcome } from '@breakwater/contract';
import { designate, determinationOutcomes } from '@breakwater/contract';
import { useState } from 'react';
import { Button, Buttons } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Radios } from '../../ui/field.tsx';
import { Empty } from '../../ui/note.tsx';
import { useSay } from '../../ui/toast.tsx';
import { ActForm } from '../session/act-form.tsx';
import { useMe } from '../session/me.ts';
import { useAct } from '../session/server.ts';
import { DeterminationShown } from './determination-shown.tsx';
import { isDated, PaperFields } from './paper-fields.tsx';
import { officeWords, outcomeWords } from './words.ts';

/** The determination that stands, or the act of entering it, which is the official's alone. */
export function Determined({ file }: { readonly file: DesignationFile }) {
  const isOfficial = useMe()?.party.role === 'official';
  const [entering, setEntering] = useState(false);
  const { determined, missing } = file;
  if (determined !== null) return <DeterminationShown determination={determined} />;
  return (
    <>
      <Empty>
        None was entered.
        {missing.length === 0
          ? ' All three offices were consulted.'
          : ` Not yet consulted: ${missing.map((office) => officeWords[office]).join(', ')}.`}
      </Empty>
      {isOfficial ? (
        <Buttons>
          <Button
            kind="first"
            onPress={() => setEntering(true)}
            reason={missing.length === 0 ? null : 'Three consultations come first.'}
          >
            Enter the determination
          </Button>
        </Buttons>
      ) : null}
      {entering ? <Enter file={file} onDone={() => setEntering(false)} /> : null}
    </>
  );
}

interface EnterProps {
  readonly file: DesignationFile;
  readonly onDone: () => void;
}

function Enter({ file, onDone }: EnterProps) {
  const say = useSay();
  const { act, busy, problem } = useAct(designate.determine);
  const [outcome, setOutcome] = useState<DeterminationOutcome | ''>('');
  const [paper, setPaper] = useState({ date: '', reference: '' });
  const offered = determinationOutcomes.filter(
    (each) => each !== 'withdrawn' || file.former !== null,
  );
  const reason = outcome === '' ? 'Choose first.' : null;
  return (
    <Dialog
      open
      onClose={onDone}
      title="Enter the determination"
      lede="Outcome, date and a reference: nothing else is kept here. It cannot be changed; another file may look at it again."
    >
      <ActForm
        label="Enter it"
        busy={busy}
        problem={problem}
        reason={reason ?? (isDated(paper) ? null : 'Give date and reference first.')}
        onSubmit={() => {
          if (outcome === '') return;
          act({ params: { file: file.id }, body: { outcome, ...paper } }, () => {
            say('Entered.');
            onDone();
          });
        }}
      >
        <Radios
          legend="What is the model?"
          value={outcome}
          onChange={(value) => setOutcome(offered.find((known) => known === value) ?? '')}
          choices={offered.map((each) => [each, ...outcomeWords[each]])}
        />
        <PaperFields paper={paper} onChange={setPaper} />
      </ActForm>
    </Dialog>
  );
}
