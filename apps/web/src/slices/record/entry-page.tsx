import { coordinate, record } from '@breakwater/contract';
import type { Id, Json } from '@breakwater/kernel';
import { parseId } from '@breakwater/kernel';
import { pathOf } from '../../app/paths.ts';
import { Note } from '../../ui/note.tsx';
import { Page } from '../../ui/page.tsx';
import { useMay } from '../session/me.ts';
import type { Address, Screen } from '../session/screen.ts';
import { useLoad } from '../session/server.ts';
import { wayToEntry } from './entry-query.ts';
import { EntryWords } from './entry-words.tsx';
import { LogProof } from './log-proof.tsx';
import { NumberedProof } from './numbered-proof.tsx';

export const screen: Screen = { Page: EntryPage };

/** One entry of the log, by its number for anybody, by its id for whoever may see it. */
function EntryPage({ params }: Address) {
  const asked = params['entry'] ?? '';
  const way = wayToEntry(asked);
  const title = way?.kind === 'number' ? `Log entry ${way.index}` : 'Entry of the log';
  return (
    <Page
      title={title}
      lede="Its proof is checked here, in this browser, against the newest state that the log signed."
      width="narrow"
    >
      <p className="small">
        <a href={pathOf('record')}>Back to the record</a>
      </p>
      {way?.kind === 'number' ? <NumberedProof index={way.index} key={way.index} /> : null}
      {way?.kind === 'entry' ? <Disclosed entry={way.id} key={way.id} /> : null}
      {way === null || way.kind === 'case' ? (
        <Note tone="warn" title="This is neither the number nor the id of an entry">
          <p>Expected a number such as 42, or an id that begins with entry_.</p>
        </Note>
      ) : null}
    </Page>
  );
}

function Disclosed({ entry }: { readonly entry: Id<'entry'> }) {
  const may = useMay();
  if (!may(record.disclose)) {
    return (
      <Note title="What an entry says is told to its participants alone">
        <p className="small">
          Ask one of them for the disclosure and check it under{' '}
          <a href={pathOf('record')}>The record</a>, or look the entry up by its number.
        </p>
      </Note>
    );
  }
  return <LogProof entry={entry} content={(content) => <Said entry={entry} content={content} />} />;
}

interface SaidProps {
  readonly entry: Id<'entry'>;
  readonly content: Json;
}

function Said({ entry, content }: SaidProps) {
  const may = useMay();
  const about = parseId('case', subjectOf(content));
  const linked = may(coordinate.get);
  return about !== null && may(record.timeline) ? (
    <SaidOfCase entry={entry} content={content} about={about} linked={linked} />
  ) : (
    <EntryWords content={content} />
  );
}

interface SaidOfCaseProps extends SaidProps {
  readonly about: Id<'case'>;
  readonly linked: boolean;
}

/** The entry holds an id; the case's timeline names the party, where the reader may know it. */
function SaidOfCase({ entry, content, about, linked }: SaidOfCaseProps) {
  const { loaded } = useLoad(record.timeline, { params: { case: about } });
  const items = loaded.state === 'ready' ? loaded.data.items : [];
  const actor = items.find((item) => item.entry === entry)?.actor?.name ?? null;
  return <EntryWords content={content} actor={actor} linked={linked} />;
}

function subjectOf(content: Json): string {
  const subject =
    typeof content === 'object' && content !== null && 'subject' in content
      ? content['subject']
      : '';
  return typeof subject === 'string' ? subject : '';
}
