import { useLayoutEffect, useRef, useState } from 'react';
import { sizeWords } from '../../ui/size.ts';
import type { Numbered } from './read-entries.ts';
import type { Part } from './transcript.ts';

interface EntryCardProps {
  readonly item: Numbered;
  /** The address of this entry, which can be handed on. */
  readonly href: string;
  readonly isLooked: boolean;
}

/** One message or event, with a link to itself. */
export function EntryCard({ item, href, isLooked }: EntryCardProps) {
  const place = useRef<HTMLLIElement>(null);
  useLayoutEffect(() => {
    if (isLooked) place.current?.scrollIntoView({ block: 'nearest' });
  }, [isLooked]);
  const { at, entry, bytes, time } = item;
  const kind = entry?.kind ?? 'none';
  const names = ['entry', `entry-${toned.has(kind) ? kind : 'other'}`];
  if (isLooked) names.push('entry-looked');
  if (entry?.isFailed === true) names.push('entry-failed');
  return (
    <li ref={place} className={names.join(' ')} aria-current={isLooked ? 'true' : undefined}>
      <header className="entry-head">
        <strong>{entry === null ? 'Too large to show' : entry.title}</strong>
        {(entry?.notes ?? []).map((note) => (
          <span key={note} className="entry-note">
            {note}
          </span>
        ))}
        <span className="entry-end">
          {time === '' ? null : <time dateTime={time}>{time.slice(11, 19)}</time>}
          <a href={href} aria-label={`Link to number ${at + 1}`}>
            #{at + 1}
          </a>
        </span>
      </header>
      {entry === null ? (
        <p className="small soft">It has {sizeWords(bytes)}. The command line shows it whole.</p>
      ) : (
        // The parts of an entry never change places.
        // biome-ignore lint/suspicious/noArrayIndexKey: see above
        entry.parts.map((part, number) => <PartView key={number} part={part} />)
      )}
    </li>
  );
}

const toned: ReadonlySet<string> = new Set([
  'system',
  'user',
  'model',
  'tool',
  'score',
  'info',
  'error',
]);

function PartView({ part: { kind, label, text } }: { readonly part: Part }) {
  if (kind === 'fold') {
    return (
      <details className="fold">
        <summary>{label}</summary>
        <LongText text={text} isCode />
      </details>
    );
  }
  return (
    <div className="entry-part">
      {label === '' ? null : <span className="entry-label">{label}</span>}
      <LongText text={text} isCode={kind === 'code'} />
    </div>
  );
}

const shownCharacters = 4_000;

/** Text from outside, as it is; more than a screenful comes when it is asked for. */
function LongText({ text, isCode }: { readonly text: string; readonly isCode: boolean }) {
  const [isWhole, setWhole] = useState(false);
  const isLong = text.length > shownCharacters;
  const shown = isLong && !isWhole ? text.slice(0, shownCharacters) : text;
  return (
    <>
      <div className={isCode ? 'entry-code' : 'entry-text'}>{shown}</div>
      {isLong ? (
        <button type="button" className="link small" onClick={() => setWhole(!isWhole)}>
          {isWhole ? 'Show less' : `Show all ${text.length.toLocaleString('en-US')} characters`}
        </button>
      ) : null}
    </>
  );
}
