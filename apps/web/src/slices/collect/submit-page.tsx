import type { Output } from '@breakwater/contract';
import { collect, type ReportCounts, reportLimits } from '@breakwater/contract';
import { toBase64 } from '@breakwater/kernel';
import { useState } from 'react';
import { pathOf, pathTo } from '../../app/paths.ts';
import { Button, ButtonLink, Buttons } from '../../ui/button.tsx';
import { FileDrop, type GivenFile } from '../../ui/file-drop.tsx';
import { Note } from '../../ui/note.tsx';
import { Page } from '../../ui/page.tsx';
import { Section } from '../../ui/section.tsx';
import { ProblemNote } from '../session/problem-note.tsx';
import type { Screen } from '../session/screen.ts';
import { useAct } from '../session/server.ts';
import { type Draft, emptyDraft, fromPreview } from './draft.ts';
import { DraftForm } from './draft-form.tsx';
import { ReportForm } from './report-form.tsx';
import { standingWords } from './words.ts';

export const screen: Screen = { Page: SubmitPage };

/** A larger file can be a report of many findings alone, which is handed in as a whole. */
const previewBytesMax = 8 * 1024 * 1024;

/** Of more findings than a preview shows it says how to hand them in; here they are, as a whole. */
const wholeFile = 'hand in the whole file';

interface GivenReport {
  readonly bytes: Uint8Array;
  /** null: it is too large to be looked at before. */
  readonly counts: ReportCounts | null;
}

type Submitted = Output<typeof collect.submit>;

/** Hands in a finding: by a file that is read first, or by hand. */
function SubmitPage() {
  const [drafts, setDrafts] = useState<readonly Draft[]>([]);
  const [notes, setNotes] = useState<readonly string[]>([]);
  const [report, setReport] = useState<GivenReport | null>(null);
  function read(understood: readonly Draft[], leftOut: readonly string[]): void {
    setDrafts(understood);
    setNotes(leftOut);
    setReport(null);
  }
  function take(given: GivenReport, told: readonly string[]): void {
    setNotes(told);
    setReport(given);
  }
  return (
    <Page
      title="Hand in a finding"
      lede="Drop the report your tool wrote. You see what was understood before anything is sent. What you hand in is data: it is shown as quoted and runs nowhere but in the sandbox."
      width="narrow"
    >
      {notes.length === 0 ? null : <LeftOut notes={notes} />}
      {report !== null ? (
        <>
          <ReportForm {...report} />
          <Buttons>
            <Button kind="quiet" onPress={() => read([], [])}>
              Begin again
            </Button>
          </Buttons>
        </>
      ) : drafts.length === 0 ? (
        <>
          <FromFile onRead={read} onReport={take} />
          <Buttons>
            <Button onPress={() => setDrafts([emptyDraft()])}>Write it by hand instead</Button>
          </Buttons>
        </>
      ) : (
        <>
          {drafts.map((draft) => (
            <One
              key={draft.key}
              draft={draft}
              title={drafts.length === 1 ? 'What is sent' : `${draft.number} of ${drafts.length}`}
            />
          ))}
          <Buttons>
            <Button kind="quiet" onPress={() => read([], [])}>
              Begin again
            </Button>
          </Buttons>
        </>
      )}
    </Page>
  );
}

function LeftOut({ notes }: { readonly notes: readonly string[] }) {
  return (
    <Note title="What the file says besides, or has and is not taken over">
      <ul className="small">
        {notes.map((note) => (
          <li key={note}>{note}</li>
        ))}
      </ul>
    </Note>
  );
}

interface FromFileProps {
  readonly onReport: (report: GivenReport, notes: readonly string[]) => void;
  readonly onRead: (drafts: readonly Draft[], notes: readonly string[]) => void;
}

function FromFile({ onRead, onReport }: FromFileProps) {
  const { act, busy, problem } = useAct(collect.preview);
  function take({ bytes }: GivenFile): void {
    if (bytes.length > previewBytesMax) {
      onReport({ bytes, counts: null }, []);
      return;
    }
    act({ body: { file: toBase64(bytes) } }, (preview) => {
      const counts = preview.report;
      if (counts !== null)
        onReport(
          { bytes, counts },
          preview.notes.filter((note) => !note.includes(wholeFile)),
        );
      else onRead(fromPreview(preview, new TextDecoder().decode(bytes)), preview.notes);
    });
  }
  return (
    <>
      <FileDrop
        label="Drop the report here, or choose it"
        hint="A crash log, SARIF, an OSV, CSAF or CVE advisory, or a finding in our own form (JSON)"
        bytesMax={reportLimits.bytesMax}
        onFile={take}
      />
      {busy ? <p role="status">Reading it…</p> : null}
      {problem === null ? null : <ProblemNote problem={problem} />}
    </>
  );
}

function One({ draft, title }: { readonly draft: Draft; readonly title: string }) {
  const [sent, setSent] = useState<Submitted | null>(null);
  return (
    <Section
      id={draft.key}
      title={title}
      lede={
        draft.crash === null
          ? 'What your words say of it.'
          : 'Read out of the report of your tool; the input that triggers it belongs to it.'
      }
    >
      {sent === null ? <DraftForm draft={draft} onSent={setSent} /> : <Sent sent={sent} />}
    </Section>
  );
}

/** What a finder learns at once, and no more than that. */
function Sent({ sent }: { readonly sent: Submitted }) {
  return (
    <Note
      tone={sent.standing === 'new' ? 'sea' : 'held'}
      title={standingWords[sent.standing]}
      role="status"
    >
      <p>{meaning[sent.standing]}</p>
      {sent.joinedBy.length === 0 ? null : (
        <p className="small soft">
          The same by: {sent.joinedBy.map((kind) => kind.replaceAll('-', ' ')).join(', ')}.
        </p>
      )}
      <Buttons>
        {sent.advisory === null ? null : (
          <ButtonLink href={pathTo('advisory', { advisory: sent.advisory })}>
            Read the advisory
          </ButtonLink>
        )}
        {sent.case === null ? null : (
          <ButtonLink href={pathTo('case', { case: sent.case })}>Open its case</ButtonLink>
        )}
        <ButtonLink href={pathOf('findings')}>All you handed in</ButtonLink>
      </Buttons>
    </Note>
  );
}

const meaning = {
  new: 'Nobody reported this to us before. A case is open for it; next, its proof is run.',
  joined:
    'It belongs to a case that was there. You are credited with it like everybody who found it.',
  'known-fixed': 'It was published already, with a version that mends it.',
  waiting:
    'It is in. You joined as many cases by place or name as a day allows, so that nobody can try out what is known here; whether this one is new you are told as soon as a day has room, here and under what you handed in.',
} as const;
