import type { Body, Output } from '@breakwater/contract';
import { collect, type ReportCounts } from '@breakwater/contract';
import { toBase64 } from '@breakwater/kernel';
import { useState } from 'react';
import { pathOf } from '../../app/paths.ts';
import { ButtonLink, Buttons } from '../../ui/button.tsx';
import { Facts } from '../../ui/facts.tsx';
import { TextField } from '../../ui/field.tsx';
import { Note } from '../../ui/note.tsx';
import { Quote } from '../../ui/quote.tsx';
import { Section } from '../../ui/section.tsx';
import { ActForm } from '../session/act-form.tsx';
import { useAct } from '../session/server.ts';
import { type Marking, MarkingChoice } from './marking-choice.tsx';
import { counted, foreseen, lackedBy, reasonsOf } from './report-answer.ts';

type Imported = Output<typeof collect.import>;

interface ReportFormProps {
  /** The report as it was given. */
  readonly bytes: Uint8Array;
  /** What is in it; null: it is too large to be looked at before. */
  readonly counts: ReportCounts | null;
}

/** A report of many findings: handed in as it is, with what it does not tell of them itself. */
export function ReportForm({ bytes, counts }: ReportFormProps) {
  const { act, busy, problem } = useAct(collect.import);
  const [name, setName] = useState('');
  const [version, setVersion] = useState('');
  const [marking, setMarking] = useState<Marking>('AMBER+STRICT');
  const [answer, setAnswer] = useState<Imported | null>(null);

  function body(): Body<typeof collect.import> {
    return {
      format: 'sarif',
      file: toBase64(bytes),
      marking,
      ...(name.trim() === '' ? {} : { package: name.trim() }),
      ...(version.trim() === '' ? {} : { version: version.trim() }),
    };
  }

  if (answer !== null) return <Answer answer={answer} />;
  return (
    <Section
      id="report"
      title="The whole report"
      lede="Each of its results becomes a finding, with a case of its own or in one that is there. What you handed in before is known again and not taken twice."
    >
      {counts === null ? (
        <p className="small soft">
          It is too large to be looked at before. What of it is taken in, left out and refused is
          told once it is handed in.
        </p>
      ) : (
        <Counted counts={counts} named={name.trim() !== ''} versioned={version.trim() !== ''} />
      )}
      <ActForm
        label="Hand in the whole report"
        busy={busy}
        problem={problem}
        reason={null}
        onSubmit={() => act({ body: body() }, setAnswer)}
      >
        <TextField
          label="Package"
          hint="Of results that name none: its package URL without version, such as pkg:npm/ini"
          value={name}
          onChange={setName}
          maxLength={512}
          exact
        />
        <TextField
          label="Version"
          hint="Of results that name none"
          value={version}
          onChange={setVersion}
          maxLength={128}
          exact
        />
        <MarkingChoice value={marking} onChange={setMarking} />
      </ActForm>
    </Section>
  );
}

interface CountedProps {
  readonly counts: ReportCounts;
  /** A package is named for results that name none; the same of a version. */
  readonly named: boolean;
  readonly versioned: boolean;
}

/** What is in the report, before anything is sent. */
function Counted({ counts, named, versioned }: CountedProps) {
  const { packages } = counts;
  return (
    <Section id="in-it" title="What is in it" lede="Counted; nothing of it is kept yet.">
      <Facts items={foreseen(counts).map(([label, count]) => [label, String(count)] as const)} />
      {packages.length === 0 ? null : (
        <>
          <p>Packages that it names itself:</p>
          <ul className="small">
            {packages.map(({ package: name, findings }) => (
              <li key={name}>
                {findings} of <Quote text={name} />
              </li>
            ))}
          </ul>
        </>
      )}
      {lackedBy(counts, { named, versioned }).map((lack) => (
        <Note key={lack} tone="warn" title={lack} role="status" />
      ))}
    </Section>
  );
}

/** What became of the report, and why some of it is not in. */
function Answer({ answer }: { readonly answer: Imported }) {
  const reasons = reasonsOf(answer.rows);
  const nothing = answer.report === null;
  return (
    <Note
      tone={nothing ? 'held' : 'sea'}
      title={nothing ? 'Nothing is new in it' : 'It is handed in'}
      role="status"
    >
      <Facts items={counted(answer).map(([label, count]) => [label, String(count)] as const)} />
      {reasons.length === 0 ? null : (
        <>
          <p>What is not taken in, and why:</p>
          <ul className="small">
            {reasons.map(({ why, count, first }) => (
              <li key={why}>
                {count} × <Quote text={why} /> (the first: {first})
              </li>
            ))}
          </ul>
        </>
      )}
      <Buttons>
        <ButtonLink href={pathOf('findings')}>All you handed in</ButtonLink>
      </Buttons>
    </Note>
  );
}
