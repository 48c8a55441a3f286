import { type Output, wishes, wishesFiles } from '@breakwater/contract';
import { toBase64 } from '@breakwater/kernel';
import { useState } from 'react';
import { Button, Buttons } from '../../ui/button.tsx';
import { Facts } from '../../ui/facts.tsx';
import { Select, TextField } from '../../ui/field.tsx';
import { FileDrop } from '../../ui/file-drop.tsx';
import { RawText } from '../../ui/quote.tsx';
import { countWords } from '../../ui/size.ts';
import { useSay } from '../../ui/toast.tsx';
import { ProblemNote } from '../session/problem-note.tsx';
import { useAct } from '../session/server.ts';

type Form = (typeof wishesFiles)[number];

const formWords = {
  'security-txt': 'security.txt',
  'security-md': 'SECURITY.md',
  'csaf-provider': 'CSAF provider metadata',
} as const satisfies Record<Form, string>;

/** The contract takes 700,000 characters of base64. */
const fileBytesMax = 500_000;

interface ReadWishesProps {
  readonly target: string;
  readonly onDone: () => void;
}

/** Reads a file that says what its owner wishes: shown as understood, then kept. */
export function ReadWishes({ target, onDone }: ReadWishesProps) {
  const say = useSay();
  const preview = useAct(wishes.previewWishes);
  const keep = useAct(wishes.importWishes);
  const [form, setForm] = useState<Form>('security-txt');
  const [from, setFrom] = useState('');
  const [file, setFile] = useState<string | null>(null);
  const [read, setRead] = useState<Output<typeof wishes.previewWishes> | null>(null);
  const address = from.trim();
  const wrong = /^https:\/\/./.test(address) ? null : 'Say where it is published first.';
  const body = file === null ? null : { form, file, from: address };
  const problem = keep.problem ?? preview.problem;
  return (
    <div className="form">
      <Select
        label="Which file"
        value={form}
        onChange={(value) => {
          setForm(wishesFiles.find((known) => known === value) ?? form);
          setRead(null);
        }}
        choices={wishesFiles.map((each) => [each, formWords[each]])}
      />
      <TextField
        label="Where it is published"
        hint="Such as https://example.org/.well-known/security.txt"
        type="url"
        value={from}
        onChange={setFrom}
        maxLength={2_000}
        exact
      />
      <FileDrop
        label="Drop the file here, or choose it"
        hint={file === null ? `${formWords[form]}, at most 500 kB.` : 'It is here.'}
        bytesMax={fileBytesMax}
        onFile={({ bytes }) => {
          setFile(toBase64(bytes));
          setRead(null);
        }}
      />
      {problem === null ? null : <ProblemNote problem={problem} />}
      {read === null ? null : <Understood read={read} />}
      <Buttons>
        <Button
          busy={preview.busy && 'Reading…'}
          reason={wrong ?? (body === null ? 'Give the file first.' : null)}
          onPress={() => {
            if (body !== null) preview.act({ body }, setRead);
          }}
        >
          Read it
        </Button>
        {read === null || body === null ? null : (
          <Button
            kind="first"
            busy={keep.busy && 'Keeping…'}
            onPress={() =>
              keep.act({ body: { target, ...body } }, () => {
                say('It is kept.');
                onDone();
              })
            }
          >
            Keep it
          </Button>
        )}
      </Buttons>
    </div>
  );
}

function Understood({ read }: { readonly read: Output<typeof wishes.previewWishes> }) {
  const { channels, policies, notUnderstood, quoted, notes } = read;
  return (
    <section aria-label="What was understood" className="wishes">
      <Facts
        items={[
          ['Tell', channels.map(({ address }) => address).join(', ') || 'nothing'],
          ['Policy', policies.join(', ') || 'nothing'],
          ...notes.map(({ field, value }) => [field, value] as const),
        ]}
      />
      {notUnderstood.length === 0 ? null : (
        <p className="small missing">
          {countWords(notUnderstood.length, 'line')} not understood:{' '}
          {notUnderstood
            .slice(0, 5)
            .map(({ text }) => text)
            .join('; ')}
        </p>
      )}
      {quoted === null ? null : <RawText label="The file" text={quoted} />}
    </section>
  );
}
