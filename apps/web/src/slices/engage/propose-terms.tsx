import { type Terms, type TermsKind, terms } from '@breakwater/contract';
import type { Id } from '@breakwater/kernel';
import { useState } from 'react';
import { Dialog } from '../../ui/dialog.tsx';
import { TextArea } from '../../ui/field.tsx';
import { useSay } from '../../ui/toast.tsx';
import { ActForm } from '../session/act-form.tsx';
import { Show } from '../session/problem-note.tsx';
import { useAct, useLoad } from '../session/server.ts';
import { kindWords } from './words.ts';

interface ProposeTermsProps {
  readonly engagement: Id<'engagement'>;
  readonly kind: TermsKind;
  /** The version to begin from; undefined: this will be the first. */
  readonly newest: Terms | undefined;
  readonly onDone: () => void;
}

/** Proposes the next version of one kind of terms, beginning from the newest. */
export function ProposeTerms({ engagement, kind, newest, onDone }: ProposeTermsProps) {
  return (
    <Dialog
      open
      onClose={onDone}
      wide
      title={`Propose terms: ${kindWords[kind][0].toLowerCase()}`}
      lede={`${kindWords[kind][1]} The other side sees what changed, word by word. Nothing holds until both have signed.`}
    >
      {newest === undefined ? (
        <ProposeForm engagement={engagement} kind={kind} before="" onDone={onDone} />
      ) : (
        <FromVersion engagement={engagement} kind={kind} newest={newest} onDone={onDone} />
      )}
    </Dialog>
  );
}

interface FromVersionProps extends ProposeTermsProps {
  readonly newest: Terms;
}

function FromVersion({ engagement, kind, newest, onDone }: FromVersionProps) {
  const read = useLoad(terms.get, { params: { engagement, terms: newest.id } });
  return (
    <Show what="the version before" {...read}>
      {({ text }) => (
        <ProposeForm engagement={engagement} kind={kind} before={text ?? ''} onDone={onDone} />
      )}
    </Show>
  );
}

interface ProposeFormProps extends Omit<ProposeTermsProps, 'newest'> {
  readonly before: string;
}

function ProposeForm({ engagement, kind, before, onDone }: ProposeFormProps) {
  const say = useSay();
  const { act, busy, problem } = useAct(terms.propose);
  const [text, setText] = useState(before);
  const isSame = text.trim() === before.trim();
  return (
    <ActForm
      label="Propose it"
      busy={busy}
      problem={problem}
      reason={isSame ? (before === '' ? 'Write it first.' : 'Change something first.') : null}
      onSubmit={() =>
        act({ params: { engagement }, body: { kind, text: text.trim() } }, ({ version }) => {
          say(`Proposed as version ${version}.`);
          onDone();
        })
      }
    >
      <TextArea
        label="The text"
        hint="The whole text, as it should read. Nothing classified."
        value={text}
        onChange={setText}
        rows={14}
        maxLength={100_000}
      />
    </ActForm>
  );
}
