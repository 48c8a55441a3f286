import type { Output, record } from '@breakwater/contract';
import type { ReactNode } from 'react';
import { useState } from 'react';
import { Moment } from '../../ui/moment.tsx';
import { actWords, indexWords } from './acts.ts';

interface ActRowProps {
  readonly entry: Output<typeof record.timeline>['items'][number];
  /** Where the entry has a page of its own; left out: it has none for the reader. */
  readonly href?: string;
  /** The proof, asked for when a person wants it. */
  readonly children: ReactNode;
}

/** One act of a timeline: when, who, what, its place in the log, and its proof when asked. */
export function ActRow({ entry, href, children }: ActRowProps) {
  const [open, setOpen] = useState(false);
  const panel = `proof-${entry.entry}`;
  return (
    <li className="act" id={entry.entry}>
      <p className="act-when small faint">
        <Moment at={entry.at} />
      </p>
      <p className="act-what">
        <strong>{entry.actor === null ? 'Someone you may not know' : entry.actor.name}</strong>{' '}
        {actWords(entry.act)}
      </p>
      <p className="act-log small">
        {entry.index === null || href === undefined ? (
          <span className="soft">{indexWords(entry.index)}</span>
        ) : (
          <a className="mono soft" href={href}>
            {indexWords(entry.index)}
          </a>
        )}
        {entry.index === null ? null : (
          <button
            type="button"
            className="link"
            aria-expanded={open}
            aria-controls={panel}
            onClick={() => setOpen(!open)}
          >
            {open ? 'Close the proof' : 'Check the proof'}
            <span className="unseen"> of log entry {entry.index}</span>
          </button>
        )}
      </p>
      <div id={panel} className="act-proof">
        {open ? children : null}
      </div>
    </li>
  );
}
