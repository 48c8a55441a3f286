import type { Case, Output, PublicationPreview } from '@breakwater/contract';
import { coordinate, distribute, Publication, verify } from '@breakwater/contract';
import type { Id } from '@breakwater/kernel';
import { parseId } from '@breakwater/kernel';
import type { ReactNode } from 'react';
import { useState } from 'react';
import { pathTo } from '../../app/paths.ts';
import { Button, Buttons } from '../../ui/button.tsx';
import { Facts } from '../../ui/facts.tsx';
import { Note } from '../../ui/note.tsx';
import { Page } from '../../ui/page.tsx';
import { Quote } from '../../ui/quote.tsx';
import { Section } from '../../ui/section.tsx';
import { countWords } from '../../ui/size.ts';
import { useSay } from '../../ui/toast.tsx';
import { useSettled } from '../../ui/use-settled.ts';
import { useGo } from '../session/go.ts';
import { ProblemNote, Show } from '../session/problem-note.tsx';
import type { Address, Screen } from '../session/screen.ts';
import { begin, useAct, useLoad } from '../session/server.ts';
import { CaseOf } from './case-of.tsx';
import type { Draft } from './publication.ts';
import { draftOf, publicationOf } from './publication.ts';
import { PublicationForm } from './publication-form.tsx';

export const screen: Screen = {
  load: (reader, { params }) => {
    const id = parseId('case', params['case'] ?? '');
    if (id !== null) begin(reader, coordinate.get, { params: { case: id } });
  },
  Page: PublishPage,
};

/** Writes the advisory, and shows beside it what would go out and to how many. */
function PublishPage({ params }: Address) {
  return (
    <CaseOf params={params}>
      {(shown) => (
        <Page
          title="Publish the advisory"
          lede={
            <>
              For <Quote text={shown.title} />, {shown.package}. Nothing goes out before you press
              the button at the end.
            </>
          }
        >
          <Patched id={shown.id}>{(patches) => <Write shown={shown} patches={patches} />}</Patched>
        </Page>
      )}
    </CaseOf>
  );
}

type Patches = Output<typeof verify.list>['items'];

interface PatchedProps {
  readonly id: Id<'case'>;
  readonly children: (patches: Patches) => ReactNode;
}

function Patched({ id, children }: PatchedProps) {
  const patches = useLoad(verify.list, { params: { case: id } });
  return (
    <Show what="the patches" {...patches}>
      {({ items }) => children(items.filter((item) => item.verification?.verdict === 'verified'))}
    </Show>
  );
}

function Write({ shown, patches }: { readonly shown: Case; readonly patches: Patches }) {
  const [draft, setDraft] = useState<Draft>(() => draftOf(shown));
  const settled = useSettled(draft, 400);
  const publication = publicationOf(settled);
  const parsed = Publication.safeParse(publication);
  const missing = parsed.success ? null : missingWords(parsed.error.issues[0]?.path);
  return (
    <div className="publish">
      <PublicationForm draft={draft} onChange={setDraft} patches={patches} />
      <aside className="publish-beside" aria-label="What would go out">
        {parsed.success ? (
          <Beside shown={shown} publication={publication} />
        ) : (
          <Note title="Not complete yet">
            <p className="small">{missing}</p>
          </Note>
        )}
      </aside>
    </div>
  );
}

/** The first thing that is missing, by the place it has in the form. */
function missingWords(path: readonly PropertyKey[] | undefined): string {
  const [part, at, field] = path ?? [];
  const words: Readonly<Record<string, string>> = {
    summary: 'Give the summary: one line.',
    details: 'Give the details.',
    affected: 'Say what is affected: package and the first fixed version.',
    aliases: 'An alias looks like CVE-2026-1234.',
    severity: 'A vector looks like CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N.',
    weaknesses: 'A weakness looks like CWE-787.',
    references: 'A reference is an address that begins with http.',
  };
  const place =
    typeof at === 'number' ? ` (row ${at + 1}${field ? `, ${String(field)}` : ''})` : '';
  return `${words[String(part)] ?? 'Something is missing.'}${place}`;
}

interface BesideProps {
  readonly shown: Case;
  readonly publication: ReturnType<typeof publicationOf>;
}

function Beside({ shown, publication }: BesideProps) {
  const params = { case: shown.id };
  const preview = useLoad(distribute.preview, { params, body: publication }, { keepLast: true });
  return (
    <Show what="the preview" {...preview}>
      {(data) => (
        <>
          <Preview preview={data} />
          <Publish shown={shown} publication={publication} preview={data} />
        </>
      )}
    </Show>
  );
}

function Preview({ preview }: { readonly preview: PublicationPreview }) {
  const { credits, inventories, affected, problems, osv } = preview;
  return (
    <Section id="preview" title="What would go out" lede="As it stands in the form now.">
      <Facts
        items={[
          [
            'Reaches',
            affected === null
              ? 'cannot be told yet'
              : `${affected.toLocaleString('en-US')} of ${countWords(inventories, 'inventory', 'inventories')}`,
          ],
          [
            'Credits',
            credits.length === 0
              ? 'nobody'
              : credits.map(({ line }) => line ?? 'somebody unnamed').join(', '),
          ],
        ]}
      />
      {problems.map((problem) => (
        <Note key={`${problem.code} ${problem.pointer}`} tone="fired" title={problem.expected}>
          <p className="small">
            Came: {problem.got}. {problem.todo}
          </p>
        </Note>
      ))}
      {osv === null ? null : (
        <details className="fold">
          <summary>The record in OSV form</summary>
          <pre className="raw">{osv}</pre>
        </details>
      )}
    </Section>
  );
}

interface PublishProps extends BesideProps {
  readonly preview: PublicationPreview;
}

function Publish({ shown, publication, preview }: PublishProps) {
  const go = useGo();
  const say = useSay();
  const { act, busy, problem } = useAct(distribute.publish);
  const [sure, setSure] = useState(false);
  const hindrance = preview.problems.length === 0 ? null : 'What stands above is in the way.';
  return (
    <div className="grid gap-3">
      <p className="small soft">
        It is public at once and for good, the embargo ends with it, and each affected operator gets
        a card.
      </p>
      <Buttons>
        {sure ? (
          <>
            <Button
              kind="danger"
              busy={busy && 'Publishing…'}
              onPress={() =>
                act({ params: { case: shown.id }, body: publication }, ({ advisory }) => {
                  say(`${advisory} is published.`);
                  go(pathTo('case', { case: shown.id }));
                })
              }
            >
              Yes, publish now
            </Button>
            <Button onPress={() => setSure(false)}>Not yet</Button>
          </>
        ) : (
          <Button kind="first" reason={hindrance} onPress={() => setSure(true)}>
            Publish
          </Button>
        )}
      </Buttons>
      {problem === null ? null : <ProblemNote problem={problem} />}
    </div>
  );
}
