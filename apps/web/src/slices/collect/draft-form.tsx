import type { Body, Output } from '@breakwater/contract';
import { collect, validate } from '@breakwater/contract';
import { toBase64 } from '@breakwater/kernel';
import { useState } from 'react';
import { Facts } from '../../ui/facts.tsx';
import { Select, TextArea, TextField } from '../../ui/field.tsx';
import { FileDrop, type GivenFile } from '../../ui/file-drop.tsx';
import { Quote } from '../../ui/quote.tsx';
import { sizeWords } from '../../ui/size.ts';
import { ActForm } from '../session/act-form.tsx';
import { useAct, useLoad } from '../session/server.ts';
import type { Draft } from './draft.ts';
import { type Marking, MarkingChoice } from './marking-choice.tsx';

const fileBytesMax = 8 * 1024 * 1024;

interface DraftFormProps {
  readonly draft: Draft;
  readonly onSent: (sent: Output<typeof collect.submit>) => void;
}

/** Everything that is sent, each part to be mended before. */
export function DraftForm({ draft, onSent }: DraftFormProps) {
  const { act, busy, problem } = useAct(collect.submit);
  const [name, setName] = useState(draft.package);
  const [version, setVersion] = useState(draft.version);
  const [title, setTitle] = useState(draft.title);
  const [description, setDescription] = useState(draft.description);
  const [recipe, setRecipe] = useState(draft.recipe);
  const [marking, setMarking] = useState<Marking>('AMBER+STRICT');
  const [input, setInput] = useState<GivenFile | null>(null);
  const isCrash = draft.crash !== null;

  function missing(): string | null {
    if (name.trim() === '') return 'Name the package first.';
    if (!/^pkg:[^/]+\/+[^/]/i.test(name.trim())) return 'Write the package as pkg:npm/ini is.';
    if (version.trim() === '') return 'Say which version first.';
    if (title.trim() === '') return 'Give it a title first.';
    if (isCrash && input === null) return 'Add the input that makes it crash.';
    return !isCrash && description.trim() === '' ? 'Describe it first.' : null;
  }

  function body(): Body<typeof collect.submit> {
    const common = {
      package: name.trim(),
      version: version.trim(),
      title: title.trim(),
      marking,
      ...(recipe === '' ? {} : { recipe }),
    };
    if (draft.crash !== null) {
      return {
        kind: 'crash',
        ...common,
        report: draft.crash.report,
        input: toBase64(input?.bytes ?? new Uint8Array()),
      };
    }
    return {
      kind: 'native',
      ...common,
      description,
      identifiers: [...draft.identifiers],
      ...(draft.weakness === null ? {} : { weakness: draft.weakness }),
      ...(draft.location === null ? {} : { location: draft.location }),
      ...(draft.cvss === null ? {} : { cvss: draft.cvss }),
      ...(input === null ? {} : { proof: toBase64(input.bytes) }),
    };
  }

  return (
    <ActForm
      label="Hand it in"
      busy={busy}
      problem={problem}
      reason={missing()}
      onSubmit={() => act({ body: body() }, onSent)}
    >
      <Understood draft={draft} />
      <TextField
        label="Package"
        hint="Its package URL without version, such as pkg:deb/debian/cjson or pkg:npm/ini"
        value={name}
        onChange={setName}
        maxLength={512}
        exact
      />
      <TextField
        label="Version"
        hint="In which you saw it"
        value={version}
        onChange={setVersion}
        maxLength={128}
        exact
      />
      <TextField label="Title" value={title} onChange={setTitle} maxLength={300} />
      {isCrash ? null : (
        <TextArea
          label="What happens, and how"
          value={description}
          onChange={setDescription}
          rows={8}
        />
      )}
      <RecipeChoice value={recipe} onChange={setRecipe} />
      <InputFile isCrash={isCrash} given={input} onGiven={setInput} />
      <MarkingChoice value={marking} onChange={setMarking} />
    </ActForm>
  );
}

/** What was read out of the file and is sent as it is. */
function Understood({ draft }: { readonly draft: Draft }) {
  const said = draft.crash?.said ?? null;
  const items = [
    ...(said === null
      ? []
      : [
          ['Crash', said.type],
          ['Where', said.state.join(' ← ')],
        ]),
    ...(draft.weakness === null ? [] : [['Weakness', draft.weakness]]),
    ...(draft.location === null ? [] : [['Place', draft.location.path]]),
    ...(draft.identifiers.length === 0 ? [] : [['Also known as', draft.identifiers.join(', ')]]),
    ...(draft.cvss === null ? [] : [['CVSS', draft.cvss]]),
  ];
  if (items.length === 0) return null;
  return (
    <Facts
      items={items.map(
        ([label = '', value = '']) => [label, <Quote key={label} text={value} />] as const,
      )}
    />
  );
}

interface ChoiceProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function RecipeChoice({ value, onChange }: ChoiceProps) {
  const { loaded } = useLoad(validate.listRecipes, { query: {} });
  const known = loaded.state === 'ready' ? loaded.data.items : [];
  return (
    <Select
      label="Recipe"
      hint="How the target is built and run, so that your proof can be tried. Without one it is kept and read, not run."
      value={value}
      onChange={onChange}
      choices={[['', 'None'], ...known.map(({ name }) => [name, name] as const)]}
    />
  );
}

interface InputProps {
  readonly isCrash: boolean;
  readonly given: GivenFile | null;
  readonly onGiven: (given: GivenFile) => void;
}

function InputFile({ isCrash, given, onGiven }: InputProps) {
  return (
    <FileDrop
      label={isCrash ? 'The input that makes it crash' : 'A proof of concept, if you have one'}
      hint={
        given === null ? (
          'The file itself, as your tool kept it'
        ) : (
          <>
            <span className="mono">{given.name}</span>, {sizeWords(given.size)}
          </>
        )
      }
      bytesMax={fileBytesMax}
      onFile={onGiven}
    />
  );
}
